"""Configuration file: values, and mistakes with line and fix."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.config.loader import load, parse
from sentio_bridge.config.presets import DEMO, starter
from sentio_bridge.config.source_registry import BUILT_IN
from sentio_bridge.errors import ConfigError
from sentio_bridge.pipeline.source_factory import split
from sentio_sensors import Role

STARTER = starter(BUILT_IN)


@pytest.mark.parametrize("text", [DEMO, STARTER, ""])
def test_written_configurations_are_valid(text: str) -> None:
    config = parse(text)
    assert config.subjects == ("player",)
    assert config.sidecar.state_port == 28700


def test_commented_lines_of_the_starter_file_are_valid() -> None:
    lines = [line.removeprefix("# ") for line in STARTER.splitlines()]
    bare = [line for line in lines if line.startswith("[") or " = " in line.split("#")[0]]
    text = "\n".join(line for line in bare if not line.startswith("subjects"))
    config = parse(text)
    assert [source.kind for source in config.sources] == list(BUILT_IN)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("[sidecar]\nrate_hzz = 60", 2, "'rate_hz'"),
        ("\n[sidecar]\nrate_hz = 'fast'", 3, "rate_hz"),
        ("[sidecar]\n\nrate_hz = 0", 3, "rate_hz"),
        ("[sidcar]\nrate_hz = 60", 1, "'sidecar'"),
        ('[consent]\ncamra = ["adapt"]', 2, "'camera'"),
        ('[consent]\ncamera = ["adopt"]', 2, "'adapt'"),
        ('[[source]]\ntype = "cammera"', 2, "'camera'"),
        ('[[source]]\ntype = "camera"\n[[source]]\ntype = "lsl"\nstream_nam = "x"', 5, "stream"),
        ('[[source]]\ntype = "simulate"\nsensors = ["boddy"]', 3, "'body'"),
        ('[[source]]\ntype = "simulate"\nsubject = "nobody"', 3, "player"),
        ("[[source]]\ndevice = 1", 1, "type"),
        ('subjects = []', 1, "subjects"),
        ('[consent]\nbody = "adapt"', 2, 'body = ["adapt"]'),
        ('[consent]\nbody = ["adapt", 3]', 2, 'body = ["adapt"]'),
        ("subjects = ['a/b']", 1, "subjects"),
        ("subjects = ['a\\b']", 1, "subjects"),
        ("""subjects = ['a"b']""", 1, "subjects"),
        ('subjects = "player"', 1, 'subjects = ["..."]'),
        ('[[source]]\ntype = "camera"\ndevice = 0', 3, "in quotes"),
        ('[[source]]\ntype = "simulate"\nroles = ["edaa"]', 3, "'eda'"),
        ('[[source]]\ntype = "lsl"\nroles = {"ch1" = "eegg"}', 3, "'eeg'"),
        ('[recording.media]\nsound = "flack"', 2, "'flac'"),
        ('[recording]\nrate_hz = 60', 2, "known: delete_expired"),
        ('[[source]]\ntype = "camera"\nboard = "x"', 3, "known: device"),
        ('[sidecar]\nhost = "0.0.0.0"', 2, "not a loopback address"),
        ('[sidecar]\nstate_port = 9000\n\ncontrol_port = 9000', 4, "also the state port"),
        ('[remote]\nhost = "::"\nstate_port = 9000\ncontrol_port = 9000', 4, "also [remote] state"),
        (
            'sidecar.state_port = 9000\nremote.host = "0.0.0.0"\nremote.state_port = 9000',
            3,
            "9000 is also [sidecar] state_port",
        ),
        ('sidecar.rate_hz = "fast"', 1, "a number at least 1 and at most 120, got 'fast'"),
        ('[fusion]\nliars = 0.1\ninverted_prior = 0.2', 2, "the old name of 'inverted_prior'"),
        ('[fusion]\ntails = 0', 2, "at least 1 and at most 1000, got 0"),
        ('[fusion]\nmemory = {face = 0}', 2, "above 0 and at most 86400"),
        ('[fusion]\nbias_share = 0.9\ncoloured_share = 0.9', 1, "at most 0.99 together"),
        ('[[source]]\ntype = "camera"\nurl = "x"\nfile = "y"', 1, "keep one of them"),
        ('[[source]]\ntype = "simulate"\n[[source.faults]]\nkind = "stall"\nat = "x"', 5, "at"),
        ('[[source]]\ntype = "simulate"\nstart = -1', 1, "start is -1"),
        ('[[source]]\ntype = "brainflow"\nboard = 1.5', 3, "text in quotes or a whole number"),
        ('[[source]]\ntype = "brainflow"', 1, "key 'board' is missing"),
        ('[[source]]\ntype = 3', 2, "in quotes"),
        ('profiles = 2026-01-01', 1, "got a date or time"),
    ],
)  # fmt: skip
def test_mistake_has_its_line_and_a_fix(text: str, line: int, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "sentio.toml")
    assert f"line {line}" in str(caught.value)
    assert word in str(caught.value)


def test_text_for_recordings_contains_no_token() -> None:
    assert "secret" not in parse('[sidecar]\ntoken = "secret"').text
    for text in (
        'sidecar = {token = "secret"}',
        'sidecar.token = "secret"',
        '[sidecar]\n"token" = "secret"',
        "[sidecar]\ntoken = '''\nsecret'''",
    ):
        with pytest.raises(ConfigError, match="on a separate line"):
            parse(text)


def test_old_key_names_are_accepted_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    old = "[fusion]\nliars = 0.1\ntails = 4\nahead = 0.5\nlog = 99\ndistrust = 9"
    fusion = parse(old, "old.toml").fusion
    assert (fusion.inverted_prior, fusion.student_t_dof, fusion.max_clock_lead) == (0.1, 4, 0.5)
    assert (fusion.max_log, fusion.max_trust_penalty) == (99, 9)
    assert len(caplog.messages) == 5
    assert any("old.toml, line 3: 'tails' is the old name of 'student_t_dof'" in message
               for message in caplog.messages)  # fmt: skip


def test_recorded_configuration_does_not_need_its_sources() -> None:
    text = '[fusion]\nliars = 0.1\n[[source]]\ntype = "of another machine"'
    config = parse(text, sources=False)
    assert (config.fusion.inverted_prior, config.sources, config.text) == (0.1, (), text)


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    path.write_bytes(b'\xef\xbb\xbf[consent]\r\nbody = ["adapt"]\r\n')
    assert load(path).consent == {"body": ["adapt"]}


def test_file_must_be_utf8(tmp_path: Path) -> None:
    path = tmp_path / "sentio.toml"
    for encoding in ("utf-16", "utf-16-be"):
        path.write_bytes(("\ufeff" * (encoding == "utf-16-be") + "[consent]").encode(encoding))
        with pytest.raises(ConfigError, match="UTF-16, not UTF-8; save it as UTF-8"):
            load(path)
    path.write_bytes("subjects = ['a']\n# M\xfcller".encode("latin-1"))
    with pytest.raises(ConfigError, match="line 2: not UTF-8"):
        load(path)
    path.write_bytes("[consent]".encode("utf-16-le"))
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        load(path)


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "session.csv"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: needs no disk space
    tracemalloc.start()
    try:
        with pytest.raises(ConfigError, match="larger than 1 MB"):
            load(path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_hostile_toml_is_refused() -> None:
    for text in ("a = " + "[" * 100_000, "a = " + "9" * 10_000, "a = " + "{b=" * 5000):
        with pytest.raises(ConfigError, match="not TOML"):
            parse(text)
    with pytest.raises(ConfigError, match="nested too deeply"):
        parse("a" + ".a" * 5000 + " = 1")


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not TOML"):
        parse("= 3")
    with pytest.raises(ConfigError, match="sentio config init"):
        load(tmp_path / "not-there.toml")
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(tmp_path / "other.toml")
    with pytest.raises(ConfigError, match="cannot read"):
        load(tmp_path)


@given(
    st.recursive(
        st.text(max_size=3) | st.integers(0, 9) | st.booleans(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=2)
        ),
        max_leaves=4,
    ),
    st.sampled_from(["subjects", "consent", "consent.body", "source", "recording.media", "raw"]),
)
def test_any_value_is_valid_or_refused(value: object, key: str) -> None:
    text = f"{key} = {_toml(value)}"
    with contextlib.suppress(ConfigError):
        parse(text)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def test_simulator_is_split_by_sensor_with_one_marker_stream() -> None:
    (source,) = parse(DEMO).sources
    parts = {part.sensors[0]: part.settings.roles for part in split(source)}  # type: ignore[union-attr]
    assert set(parts) == {"camera", "microphone", "eeg", "body"}
    assert sum(Role.MARKER in roles for roles in parts.values()) == 1
    assert set(parts["eeg"]) - {Role.MARKER} == {Role.EEG}


@given(st.text(max_size=200))
def test_any_text_is_valid_or_raises_config_error(text: str) -> None:
    try:
        parse(text)
    except ConfigError:
        pass


@pytest.mark.parametrize("setting", ["keyring", "passphrase", "age1abc age1def"])
def test_ways_to_protect_keys_are_read(setting: str) -> None:
    config = parse(f'[recording]\nencrypt = "{setting}"\n[profiles]\nencrypt = "{setting}"\n')
    assert config.recording.encrypt == config.profiles.encrypt == setting


def test_profiles_may_be_a_folder() -> None:
    assert parse('profiles = "here"').profiles.folder == "here"


@pytest.mark.parametrize("table", ["recording", "profiles"])
def test_unknown_way_to_protect_keys_is_refused(table: str) -> None:
    with pytest.raises(ConfigError, match="encrypt"):
        parse(f'[{table}]\nencrypt = "rot13"')


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (r'profiles = "D:\temp\rec"', r"'D:\temp\rec'"),
        (r'profiles = "C:\bob\new\first"', r"'C:\bob\new\first'"),
    ],
)
def test_windows_path_that_toml_reads_as_control_characters(line: str, path: str) -> None:
    with pytest.raises(ConfigError, match="has a control character") as refused:
        parse(line)
    assert refused.value.fix == f"write paths in single quotes: {path}"
    assert parse(f"profiles = {path}").profiles.folder == path.strip("'")
