"""Read how League of Legends and a platform game were played, with what was felt."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError

Floats = NDArray[np.float64]

SCREEN = 1080.0
"""Height of the screen in pixels that speeds of the mouse are divided by."""

FRAMES = 3
"""Ticks of the keys for each tick of the annotation in ``game_pad``."""

TICK = 1.0 / 3.0
"""Seconds of an annotation's tick, assumed: the data does not state it."""

DIMENSIONS = ("Arousal", "Pleasure", "Dominance")

_KEY = re.compile(r"'(\w)([du])'")
_NAME = re.compile(r".*/(\w+)/Traces_(\w+?)_Level(\d)_(.+)\.txt$")


@dataclass(frozen=True, slots=True)
class Play:
    """One match or level of one player.

    Attributes:
        player: Player; rows of a player stay in one split.
        name: Name of the match or level.
        columns: Statistics by channel of ``input_features.CHANNELS``, each shape ``(n,)``.
        rate_hz: Rows a second.
        targets: What was measured or annotated, by name, each shape ``(n,)``.
    """

    player: str
    name: str
    columns: Mapping[str, Floats]
    rate_hz: float
    targets: Mapping[str, Floats]


def league(data: Path) -> Iterator[Play]:
    """Read ``game_lol``: keys, mouse, heart rate and skin conductance at 1 Hz.

    Seats are taken for players, since the data names no people: a seat changed hands at most a
    few times, so that leaving a seat out leaves its people out.

    Raises:
        ModelMissingError: The folder is missing.
    """
    path = data / "game_lol" / "sensors_1hz.npz"
    if not path.is_file():
        raise ModelMissingError(f"{path} does not exist", "set --data to the folder of the data")
    with np.load(path) as held:
        for name in sorted({key.split("/")[0] for key in held}):
            if f"{name}/keyboard" not in held or f"{name}/mouse" not in held:
                continue
            keys, mouse = held[f"{name}/keyboard"], held[f"{name}/mouse"]
            count = min(len(keys), len(mouse))
            at = np.arange(count, dtype=np.float64)
            targets: dict[str, Floats] = {}
            heart, skin = f"{name}/heart_rate", f"{name}/gsr"
            if heart in held and held[heart][:, 1].mean() > 30.0:
                targets["heart_rate"] = np.interp(at, *held[heart].T.astype(np.float64))
            if skin in held:
                seconds, ohms = held[skin].T.astype(np.float64)
                targets["ln_scl"] = np.interp(at, seconds, -np.log(np.maximum(ohms, 1.0)))
            columns = {
                "keys": keys[:count, 1].astype(np.float64),
                "buttons": mouse[:count, 2].astype(np.float64),
                "pointer_speed": mouse[:count, 1].astype(np.float64) / SCREEN,
            }
            columns = {channel: np.nan_to_num(column) for channel, column in columns.items()}
            yield Play(name.split("_")[1], name, columns, 1.0, targets)


def platformer(data: Path) -> Iterator[Play]:
    """Read ``game_pad``: keys and movement of players who annotated their own play.

    Raises:
        ModelMissingError: The archive is missing.
    """
    path = data / "game_pad" / "First_Study.tar.gz"
    if not path.is_file():
        raise ModelMissingError(f"{path} does not exist", "set --data to the folder of the data")
    parts: dict[tuple[str, str, str], dict[str, list[bytes]]] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            match = _NAME.match(f"/{member.name}")
            if match is None or match[2] not in (*DIMENSIONS, "Actions", "Position"):
                continue
            file = archive.extractfile(member)
            if file is not None:
                kept = parts.setdefault((match[1], match[4], match[3]), {})
                kept[match[2]] = file.read().splitlines()
    for (dimension, player, level), files in sorted(parts.items()):
        if {dimension, "Actions", "Position"} <= files.keys():
            yield _level(dimension, player, level, files)


def _level(dimension: str, player: str, level: str, files: Mapping[str, list[bytes]]) -> Play:
    felt = np.array([float(line) for line in files[dimension]])
    place = np.array([[float(x) for x in line.split(b"_")] for line in files["Position"]])
    presses = np.array(
        [sum(kind == "d" for _, kind in _KEY.findall(line.decode())) for line in files["Actions"]],
        np.float64,
    )
    count = min(len(felt), len(presses) // FRAMES, len(place) // FRAMES)
    path = np.abs(np.diff(place, axis=0, prepend=place[:1])).sum(axis=1)
    # A jump of the position is a new life, not a movement; 15 a tick is a run.
    speed = np.minimum(path, 30.0) / 15.0
    columns = {
        "keys": presses[: count * FRAMES].reshape(count, FRAMES).sum(axis=1) / TICK,
        "stick_speed": speed[: count * FRAMES].reshape(count, FRAMES).mean(axis=1),
    }
    name = f"{player}/{level}"
    return Play(player, name, columns, 1.0 / TICK, {dimension.lower(): felt[:count]})
