"""Tests of names in a configuration that are replaced by pseudonyms."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentio_bridge.config.loader import load
from sentio_bridge.config.pseudonymous import known, list_of
from sentio_bridge.errors import ConfigError

CONFIG = """
# Session of Anna Meier
subjects = ["Anna Meier", 'Bert']
[privacy]
folder = "state"
pseudonyms = true
[privacy.children]
"Bert" = "Clara Meier"
[[client]]
token = "a token that is long enough"
role = "game"
subjects = ["Bert"]
[[source]]
type = "simulate"
subject = "Anna Meier"
name = "seat of Anna Meier"
roles = ["ppg"]
[[source]]
type = "simulate"
subject = "Bert"
roles = ["ppg"]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SENTIO_NAMES", str(tmp_path / "names"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sentio.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_names_are_replaced_everywhere(file: Path) -> None:
    config = load(file)
    names = list_of(config.privacy, config.path)
    assert names is not None
    anna, bert, clara = (names.find(name) for name in ("Anna Meier", "Bert", "Clara Meier"))
    assert len({anna, bert, clara, "Anna Meier", "Bert", "Clara Meier"}) == 6
    assert config.subjects == (anna, bert)
    assert [source.subject for source in config.sources] == [anna, bert]
    assert config.privacy.children == {bert: clara}
    assert list(config.clients[0].subjects) == [bert]
    for name in ("Anna", "Bert", "Clara", "Meier"):
        assert name not in config.text
    assert anna in config.text
    assert load(file).subjects == config.subjects


def test_names_on_the_command_line_are_found(file: Path) -> None:
    anna, _ = load(file).subjects
    assert known(file, "Anna Meier") == known(file, anna) == anna
    assert known(file, "P01") == "P01"
    made = known(file, "P01", new=True)
    assert made == known(file, "P01") != "P01"
    assert known(file.parent / "no.toml", "Anna Meier", new=True) == "Anna Meier"


def test_without_the_setting_names_stay(file: Path) -> None:
    file.write_text(CONFIG.replace("pseudonyms = true", ""))
    assert load(file).subjects == ("Anna Meier", "Bert")
    assert known(file, "Anna Meier", new=True) == "Anna Meier"
    assert not (file.parent / "names").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["Anna Meier", ', '["Anna\\u0020Meier", '),
        ('"Bert" = "Clara', 'Bert = "Clara'),
        ("pseudonyms = true", 'pseudonyms = true\nencrypt_names = "nonsense"'),
    ],
)
def test_what_cannot_be_replaced_is_refused(file: Path, old: str, new: str) -> None:
    file.write_text(CONFIG.replace(old, new))
    with pytest.raises(ConfigError):
        load(file)
