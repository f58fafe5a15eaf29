"""Tests that a bundle is searched in the given place and its hash is verified."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.runtime.bundle import Bundle, locate, read

BODY = b"a model"
BUNDLE = Bundle("toy", "toy.task", "", hashlib.sha256(BODY).hexdigest(), "MIT", "a toy")


@pytest.mark.parametrize("how", ["file", "folder", "environment"])
def test_bundle_is_found_in_the_given_place(tmp_path: Path, how: str) -> None:
    (tmp_path / "toy.task").write_bytes(BODY)
    given = {"file": tmp_path / "toy.task", "folder": tmp_path, "environment": None}[how]
    environ = {"SENTIO_MODELS": str(tmp_path)} if how == "environment" else {}
    assert read(BUNDLE, given, environ=environ) == BODY


def test_given_path_is_not_replaced_by_another(tmp_path: Path) -> None:
    (tmp_path / "toy.task").write_bytes(BODY)
    with pytest.raises(ModelMissingError) as caught:
        locate(BUNDLE, tmp_path / "elsewhere", environ={"SENTIO_MODELS": str(tmp_path)})
    assert caught.value.fix == "sentio models pull toy"


def test_missing_bundle_error_has_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"toy\.task") as caught:
        read(BUNDLE, environ={"SENTIO_MODELS": str(tmp_path)})
    assert caught.value.fix == "sentio models pull toy"


def test_bytes_with_another_hash_are_refused(tmp_path: Path) -> None:
    (tmp_path / "toy.task").write_bytes(b"something else")
    with pytest.raises(ModelRefusedError, match="SHA-256"):
        read(BUNDLE, tmp_path)
