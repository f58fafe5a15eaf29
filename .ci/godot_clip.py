"""Film a calm and a tense player side by side, as a GIF and as a video.

Both play Emberfield from the same seed, played automatically; only the simulated person differs.
The video has the sound of both games, each mostly on the side of its picture.
Needs Xvfb, Mesa's software GL, PyAV and a Godot (`SENTIO_GODOT`, or the repository's cache).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import clip_sound
from godot_pictures import IMAGES, PROJECT, screen
from godot_zip import ROOT, godot
from PIL import Image, ImageDraw, ImageFont

START, SECONDS, FPS = 112, 24, 30
"""Seconds of play before the first picture (the third watch), length, and pictures a second."""
SIZE = (640, 360)
"""Pixels of one half as it is filmed."""
HEAD, FOOT = 62, 92
"""Pixels above and below the pictures, for captions and bars."""
GIF_START, GIF_SECONDS, GIF_FPS, GIF_WIDTH, COLOURS = 6, 8, 8, 800, 64
"""The part of it that the GIF shows: seconds, pictures a second, pixels, size of the palette."""
MOST_BYTES = 3_000_000
"""Largest size of each file."""
VIDEO_WIDTH, QUALITY, SOUND_BITS = 960, "45", 64000
"""Pixels, the constant quality of VP9 (0 is the best, 63 the smallest), sound's bits a second."""
GROUND, INK, DIM, RAIL = (11, 13, 20), (236, 240, 248), (176, 184, 198), (40, 45, 60)
LEVEL, DEMAND = (110, 227, 205), (255, 131, 119)
VALUES = re.compile(r"picture \d+ level ([-\w.]+) demand ([-\w.]+) foes (\d+)")


@dataclass(frozen=True)
class Person:
    """A simulated player: captions, and the arousal at which they stay."""

    name: str
    effect: str
    arousal: str


PEOPLE = (
    Person("Calm player", "the game sends more shades", "-0.8"),
    Person("Tense player", "the game holds them back", "0.8"),
)


@dataclass(frozen=True)
class Moment:
    """One picture of a player's game: level and demand 0..1, number of shades."""

    picture: Path
    level: float
    demand: float
    foes: int


def film(engine: str, environment: dict[str, str], folder: Path, arousal: str) -> list[Moment]:
    """Save one person's pictures in a folder; return its moments."""
    command = [engine, "--path", str(PROJECT), "--rendering-driver", "opengl3"]
    command += ["--resolution", f"{SIZE[0]}x{SIZE[1]}", "--audio-driver", "Dummy"]
    command += ["--fixed-fps", str(FPS), "--write-movie", str(movie(folder, arousal))]
    command += ["-s", "demo/tools/tour.gd", "--", "--stage=arena"]
    command += ["--unhurt", "--bare", f"--arousal={arousal}", f"--seconds={START}"]
    command += [f"--frames={SECONDS * FPS}", f"--shot={folder}/{arousal}.shot.png"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return [
        Moment(folder / f"{arousal}.shot_{index:02d}.png", float(level), float(demand), int(foes))
        for index, (level, demand, foes) in enumerate(VALUES.findall(done.stdout))
    ]


def movie(folder: Path, arousal: str) -> Path:
    """Return the file in which one person's game is filmed with its sound."""
    return folder / f"{arousal}.avi"


def write(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, px: int, tone: tuple[int, int, int]
) -> None:
    """Write `words`, in bold strokes from 24 pixels on."""
    bold = 0.7 if px >= 24 else 0.25
    font = ImageFont.load_default(px)
    draw.text(at, words, font=font, fill=tone, stroke_width=bold, stroke_fill=tone)


def bar(
    draw: ImageDraw.ImageDraw, left: int, top: int, words: str, value: float, tone: tuple[int, ...]
) -> None:
    """Draw a named bar of `value`, 0..1."""
    write(draw, (left + 22, top), words, 21, DIM)
    rail = (left + 250, top + 5, left + 612, top + 21)
    draw.rounded_rectangle(rail, 8, fill=RAIL)
    if value == value:  # not a number: unknown
        filled = (*rail[:2], rail[0] + max(16, round((rail[2] - rail[0]) * value)), rail[3])
        draw.rounded_rectangle(filled, 8, fill=tone)


def compose(both: tuple[Moment, ...]) -> Image.Image:
    """Return the pictures of both people beside each other, with captions and bars."""
    whole = Image.new("RGB", (2 * SIZE[0], HEAD + SIZE[1] + FOOT), GROUND)
    draw = ImageDraw.Draw(whole)
    for half, (person, moment) in enumerate(zip(PEOPLE, both, strict=True)):
        left, foot = half * SIZE[0], HEAD + SIZE[1]
        with Image.open(moment.picture) as picture:
            whole.paste(picture.convert("RGB").resize(SIZE), (left, HEAD))
        write(draw, (left + 20, 14), person.name, 30, INK)
        write(draw, (left + 240, 20), person.effect, 23, DIM)
        plate = (left + SIZE[0] - 160, foot - 50, left + SIZE[0] - 16, foot - 12)
        draw.rounded_rectangle(plate, 12, fill=GROUND)
        count = f"{moment.foes} shade{'' if moment.foes == 1 else 's'}"
        write(draw, (plate[0] + 18, plate[1] + 4), count, 24, INK)
        bar(draw, left, foot + 14, "estimated arousal", moment.level, LEVEL)
        bar(draw, left, foot + 52, "what the game sends", moment.demand, DEMAND)
    draw.rectangle((SIZE[0] - 3, 0, SIZE[0] + 2, whole.height), fill=GROUND)
    return whole


def at_width(width: int) -> tuple[int, int]:
    """Return the size of the clip at a width, with an even height as video needs it."""
    return width, 2 * round((HEAD + SIZE[1] + FOOT) * width / SIZE[0] / 4)


def save_video(pictures: Iterator[Image.Image], sound: clip_sound.Sound, target: Path) -> None:
    """Write pictures as VP9 and sound as Opus in WebM, the same bytes in each run."""
    with av.open(str(target), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libvpx-vp9", rate=FPS)
        size = at_width(VIDEO_WIDTH)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": QUALITY, "b:v": "0", "threads": "2", "cpu-used": "4"}
        voice = container.add_stream("libopus", rate=clip_sound.RATE, layout="stereo")
        voice.bit_rate = SOUND_BITS
        pieces = clip_sound.frames(sound)
        for number, picture in enumerate(pictures):
            # Both in turn, so that a player finds the sound beside its picture.
            for piece in clip_sound.until(pieces, (number + 1) / FPS):
                container.mux(voice.encode(piece))
            small = picture.resize(size, Image.Resampling.LANCZOS)
            container.mux(stream.encode(av.VideoFrame.from_image(small)))
        container.mux(stream.encode())
        for piece in pieces:
            container.mux(voice.encode(piece))
        container.mux(voice.encode())
    check_size(target)


def save_gif(made: list[Image.Image], target: Path) -> None:
    """Write the pictures as one GIF with one palette, at the width of a README."""
    size = at_width(GIF_WIDTH)
    small = [one.resize(size, Image.Resampling.LANCZOS) for one in made]
    sample = Image.new("RGB", (size[0], size[1] * 4))
    for row in range(4):
        sample.paste(small[row * (len(small) - 1) // 3], (0, row * size[1]))
    palette = sample.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3)
    few = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in small]
    shown = round(1000 / GIF_FPS)
    few[0].save(target, save_all=True, append_images=few[1:], duration=shown, loop=0)
    check_size(target)


def check_size(target: Path) -> None:
    """Exit if a file is larger than a README should load."""
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}: {size / 1024:.0f} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"the clip has {size} bytes, at most {MOST_BYTES} are allowed")


def main() -> None:
    """Film both people; write the GIF and the video."""
    engine = godot()
    if not engine:
        raise SystemExit("no Godot: set SENTIO_GODOT to its path")
    subprocess.run([engine, "--headless", "--path", PROJECT, "--import"], check=True)
    with tempfile.TemporaryDirectory(prefix="sentio_clip_") as folder, screen() as environment:
        courses = [film(engine, environment, Path(folder), one.arousal) for one in PEOPLE]
        for person, course in zip(PEOPLE, courses, strict=True):
            demand = sum(one.demand for one in course) / len(course)
            foes = sum(one.foes for one in course) / len(course)
            print(f"{person.name}: mean demand {demand:.2f}, {foes:.1f} shades")
        pairs = list(zip(*courses, strict=True))
        sounds = [clip_sound.read(movie(Path(folder), one.arousal), SECONDS) for one in PEOPLE]
        save_video(map(compose, pairs), clip_sound.mix(*sounds), IMAGES / "felt_clip.webm")
        first, step = GIF_START * FPS, FPS / GIF_FPS
        chosen = [pairs[first + round(step * one)] for one in range(GIF_SECONDS * GIF_FPS)]
        save_gif([compose(both) for both in chosen], IMAGES / "felt_clip.gif")


if __name__ == "__main__":
    sys.exit(main())
