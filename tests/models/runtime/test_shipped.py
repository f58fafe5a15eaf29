"""Tests that shipped models verify and that damaged ones are reported."""

from __future__ import annotations

from pathlib import Path

from sentio_models.runtime.shipped import names, shipped, verify


def test_every_shipped_model_verifies() -> None:
    verdicts = verify()
    assert [v.name for v in verdicts] == names()
    assert all(v.fine for v in verdicts), [v for v in verdicts if not v.fine]
    assert {s.name for s in shipped()} == set(names())
    assert sum(s.size for s in shipped()) <= 12 * 1024 * 1024


def test_damaged_model_is_reported(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"x")
    (tmp_path / "broken.toml").write_text(
        'name="broken"\nmodality="face"\nsha256="0"\nopset=17\ninputs=[]\noutputs=[]\n'
    )
    (verdict,) = verify(tmp_path)
    assert not verdict.fine
    assert "SHA-256" in verdict.what
    assert shipped(tmp_path) == []
