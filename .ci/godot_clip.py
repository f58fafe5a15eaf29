"""Make the clip of a calm and a tense player, side by side, for README and docs.

Both play Emberfield from the same seed, played automatically; only the simulated person differs.
Needs Xvfb, Mesa's software GL and a Godot (`SENTIO_GODOT`, or the repository's cache).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from godot_pictures import IMAGES, PROJECT, screen
from godot_zip import ROOT, godot
from PIL import Image, ImageDraw, ImageFont

PEOPLE = (("calm player", "-0.8"), ("tense player", "0.8"))
"""Captions, and the arousal at which the simulated person stays."""
START = 14
"""Seconds of play before the first picture: the person has settled."""
PICTURES, EVERY, FPS = 56, 20, 30
"""Number of pictures, steps from one to the next, steps a second: 37 seconds of play."""
SIZE = (320, 180)
"""Pixels of one half."""
FOOT = 46
"""Pixels below the pictures, for captions and bars."""
SHOWN_MS = 160
COLOURS = 96
MOST_BYTES = 3_000_000
GROUND, INK, DIM = (11, 13, 20), (232, 236, 244), (150, 158, 172)
LEVEL, DEMAND = (110, 227, 205), (255, 122, 107)
VALUES = re.compile(r"picture (\d+) level ([-\w.]+) demand ([-\w.]+)")
Course = list[tuple[float, float]]


def film(engine: str, environment: dict[str, str], folder: Path, arousal: str) -> Course:
    """Save one person's pictures in a folder; return level and demand of each."""
    command = [engine, "--path", str(PROJECT), "--rendering-driver", "opengl3"]
    command += ["--audio-driver", "Dummy", "--fixed-fps", str(FPS), "-s", "demo/tools/tour.gd"]
    command += ["--", "--stage=arena", "--unhurt", f"--arousal={arousal}", f"--seconds={START}"]
    command += [f"--frames={PICTURES}", f"--every={EVERY}", f"--width={SIZE[0]}"]
    command += [f"--shot={folder}/{arousal}.shot.png"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return [(float(level), float(demand)) for _, level, demand in VALUES.findall(done.stdout)]


def foot(draw: ImageDraw.ImageDraw, left: int, caption: str, level: float, demand: float) -> None:
    """Draw caption and two bars below one half."""
    font, small = ImageFont.load_default(14), ImageFont.load_default(10)
    top = SIZE[1] + 5
    draw.text((left + 10, top + 8), caption, font=font, fill=INK)
    for row, (words, value, tone) in enumerate(
        (("arousal, own range", level, LEVEL), ("what comes at them", demand, DEMAND))
    ):
        y = top + 4 + 18 * row
        draw.text((left + 112, y), words, font=small, fill=DIM)
        draw.rectangle((left + 215, y + 3, left + 310, y + 10), fill=(34, 38, 50))
        if value == value:
            draw.rectangle((left + 215, y + 3, left + 215 + int(95 * value), y + 10), fill=tone)


def frames(folder: Path, courses: list[Course]) -> list[Image.Image]:
    """Compose the pictures of both people."""
    made = []
    for index in range(PICTURES):
        whole = Image.new("RGB", (2 * SIZE[0], SIZE[1] + FOOT), GROUND)
        draw = ImageDraw.Draw(whole)
        for half, (caption, arousal) in enumerate(PEOPLE):
            with Image.open(folder / f"{arousal}.shot_{index:02d}.png") as picture:
                whole.paste(picture.convert("RGB").resize(SIZE), (half * SIZE[0], 0))
            foot(draw, half * SIZE[0], caption, *courses[half][index])
        draw.line((SIZE[0], 0, SIZE[0], SIZE[1]), fill=GROUND, width=3)
        made.append(whole)
    return made


def save(made: list[Image.Image], target: Path) -> None:
    """Write the pictures as one GIF with one palette."""
    sample = Image.new("RGB", (made[0].width, made[0].height * 4))
    for row in range(4):
        sample.paste(made[row * (len(made) - 1) // 3], (0, row * made[0].height))
    palette = sample.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3)
    few = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in made]
    few[0].save(target, save_all=True, append_images=few[1:], duration=SHOWN_MS, loop=0)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}: {len(few)} pictures, {size / 1024:.0f} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"the clip has {size} bytes, at most {MOST_BYTES} are allowed")


def main() -> None:
    """Film both people and write the clip."""
    engine = godot()
    if not engine:
        raise SystemExit("no Godot: set SENTIO_GODOT to its path")
    subprocess.run([engine, "--headless", "--path", PROJECT, "--import"], check=True)
    with tempfile.TemporaryDirectory(prefix="sentio_clip_") as folder, screen() as environment:
        courses = [film(engine, environment, Path(folder), who) for _, who in PEOPLE]
        for (caption, _), course in zip(PEOPLE, courses, strict=True):
            demands = [demand for _, demand in course]
            print(f"{caption}: mean demand {sum(demands) / len(demands):.2f}")
        save(frames(Path(folder), courses), IMAGES / "felt_clip.gif")


if __name__ == "__main__":
    sys.exit(main())
