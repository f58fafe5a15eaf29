"""Tests of the list that connects names with pseudonyms."""

from __future__ import annotations

import re
import stat
import threading
from pathlib import Path

import pytest

from sentio_bridge.privacy.private_folder import UNFINISHED, PrivacyError
from sentio_bridge.privacy.pseudonyms import Pseudonyms
from sentio_recording.sealed.key_folder import KeyFolder


def test_a_name_keeps_its_pseudonym_and_nothing_of_the_name_is_in_it(tmp_path: Path) -> None:
    names = Pseudonyms("study", folder=tmp_path / "names")
    made = names.of("Anna Meier")
    assert re.fullmatch("p[a-z2-9]{9}", made)
    assert names.of("Anna Meier") == names.find("Anna Meier") == made
    assert names.of(made) == made  # a pseudonym may be entered too
    assert names.find("Bert") == "Bert"
    assert names.of("Bert") != made
    again = Pseudonyms("study", folder=tmp_path / "names")
    assert dict(again.rows()) == {made: "Anna Meier", names.find("Bert"): "Bert"}
    other = Pseudonyms("other", folder=tmp_path / "names")
    assert other.of("Anna Meier") != made  # two studies cannot be connected
    for path in (names.path, other.path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "names").stat().st_mode) == 0o700


def test_an_erased_row_cannot_be_resolved(tmp_path: Path) -> None:
    names = Pseudonyms("study", folder=tmp_path)
    made = names.of("Anna Meier")
    assert names.erase(made)
    assert not names.erase(made)
    assert b"Anna" not in names.path.read_bytes()
    assert names.of("Anna Meier") != made


def test_encrypted_list_needs_its_secret(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    keys = KeyFolder(tmp_path / "keys", {"SENTIO_PASSPHRASE": "a passphrase"})
    names = Pseudonyms("study", "passphrase", tmp_path / "names", keys)
    made = [names.of("Anna Meier"), names.of("Bert")]
    assert b"Anna" not in names.path.read_bytes()
    assert list(names.rows()) == sorted(made)
    wrong = KeyFolder(tmp_path / "keys", {"SENTIO_PASSPHRASE": "another"})
    with pytest.raises(PrivacyError):
        Pseudonyms("study", "passphrase", tmp_path / "names", wrong).rows()
    data = bytearray(names.path.read_bytes())
    data[-20] ^= 1
    names.path.write_bytes(data)
    with pytest.raises(PrivacyError):
        names.rows()


def test_damaged_list_is_an_error_and_is_not_replaced(tmp_path: Path) -> None:
    names = Pseudonyms("study", folder=tmp_path)
    names.path.write_bytes(b'{"p')
    with pytest.raises(PrivacyError, match="cannot read"):
        names.of("Anna Meier")
    assert names.path.read_bytes() == b'{"p'


def test_writers_at_once_agree(tmp_path: Path) -> None:
    made: list[tuple[str, str]] = []

    def write(name: str) -> None:
        made.append((name, Pseudonyms("study", folder=tmp_path).of(name)))

    threads = [threading.Thread(target=write, args=(f"person {n % 4}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4


def test_a_name_that_a_crash_left_beside_the_list_is_erased(tmp_path: Path) -> None:
    names = Pseudonyms("x", folder=tmp_path)
    pseudonym = names.of("Eva Braun")
    left = tmp_path / f"{UNFINISHED}k2"
    left.write_bytes(names.path.read_bytes())
    names.erase(pseudonym)
    assert not left.exists()
