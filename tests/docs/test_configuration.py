"""The configuration reference holds every key as the sidecar checks it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from sentio_bridge.config.loader import parse
from sentio_bridge.config.source_registry import BUILT_IN
from sentio_bridge.errors import ConfigError

ROOT = Path(__file__).parents[2]

WITHOUT_UNIT = re.compile(
    r"port|state_port|control_port|ip_port|seed|channel|max_log|tolerance|student_t_dof|speed"
    r"|\w+_share|\w+_sd|index_mean|inverted_prior|max_trust_penalty|min_quality|known_share"
    r"|valence|arousal|dominance|engagement|talking|moving"
)
"""Numbers that are counts, ratios or places on a scale."""


@pytest.fixture
def configuration(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs/generate"))
    return importlib.import_module("configuration")


def rows(page: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page.splitlines()
        if re.match(r"\| `\w+` \|", line)
    ]


def test_the_page_matches_the_settings(configuration: ModuleType) -> None:
    written = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    assert written == configuration.build(), "run: python docs/generate/configuration.py"
    names = {row[0].strip("`") for row in rows(written)}
    for kind in BUILT_IN:
        assert set(kind.settings.__struct_fields__) <= names


def test_every_key_has_its_type_unit_version_and_meaning(configuration: ModuleType) -> None:
    page = configuration.build()
    before_memory, _, rest = page.partition("### `[fusion.memory]`")
    for key, kind, default, unit, _, since, what in rows(
        before_memory + rest.partition("## `[[s")[2]
    ):
        assert kind, key
        assert default or kind == "table", key
        assert re.fullmatch(r"\d+\.\d+\.\d+", since), key
        assert what, key
        if kind in ("number", "whole number"):
            assert unit or WITHOUT_UNIT.fullmatch(key.strip("`")), key


def test_a_description_may_have_several_lines(configuration: ModuleType) -> None:
    class Settings(msgspec.Struct):
        """Settings.

        Attributes:
            first: One ``word``
                and another.
            second: A | B.
        """

        first: int = 0
        second: str = ""

    assert configuration.descriptions(Settings) == {
        "first": "One `word` and another.",
        "second": "A \\| B.",
    }


def accepts(path: str, value: float | str) -> bool:
    """Return whether the loader accepts a value of ``source.TYPE.KEY``."""
    _, kind, *keys = path.split(".")
    required = {"recording": 'path = "x"'}.get(kind, "")
    if len(keys) == 1:
        line = f"{keys[0]} = {value}"
    else:
        seconds = "" if keys[1] == "seconds" else ", seconds = 5"
        line = f'{keys[0]} = [{{ name = "a"{seconds}, {keys[1]} = {value} }}]'
    try:
        parse(f'[[source]]\ntype = "{kind}"\n{required}\n{line}\n')
    except ConfigError:
        return False
    return True


def test_ranges_that_a_struct_checks_itself_are_those_of_the_page(
    configuration: ModuleType,
) -> None:
    checked = 0
    for path, words in configuration.RANGES.items():
        if not path.startswith("source."):
            continue
        numbers = re.findall(r"-?\d+(?:\.\d+)?", words.removeprefix("0, or "))
        assert accepts(path, numbers[0]), path
        assert not accepts(path, f"{float(numbers[0]) - 1:g}"), path
        if len(numbers) > 1:
            assert accepts(path, numbers[1]), path
            assert not accepts(path, f"{float(numbers[1]) + 1:g}"), path
        checked += 1
    assert checked > 15
