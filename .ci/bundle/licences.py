"""List the licence of every part of a bundle, and copy the texts into it.

Parts are the installed distributions of which a file was collected, the native libraries that
their wheels bring, and libraries of the system that built the bundle.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

GPL_PARTS = ("x264", "x265")
"""Names of parts for which a bundle's distribution needs an offer of the source."""

NATIVE: tuple[tuple[str, str, str], ...] = (
    (r"libav(codec|format|util|filter|device)|libsw(scale|resample)", "FFmpeg",
     "GPL-2.0-or-later (built with x264 and x265)"),
    (r"libx264", "x264", "GPL-2.0-or-later"),
    (r"libx265", "x265", "GPL-2.0-or-later"),
    (r"libvpx", "libvpx", "BSD-3-Clause"),
    (r"libvpl", "oneVPL", "MIT"),
    (r"libaom", "libaom", "BSD-2-Clause"),
    (r"libdav1d", "dav1d", "BSD-2-Clause"),
    (r"libSvtAv1", "SVT-AV1", "BSD-3-Clause-Clear"),
    (r"libopus", "Opus", "BSD-3-Clause"),
    (r"libmp3lame", "LAME", "LGPL-2.0-or-later"),
    (r"libopencore-amr", "OpenCORE AMR", "Apache-2.0"),
    (r"libsharpyuv|libwebp", "libwebp", "BSD-3-Clause"),
    (r"libgnutls", "GnuTLS", "LGPL-2.1-or-later"),
    (r"libnettle|libhogweed", "Nettle", "LGPL-3.0-or-later or GPL-2.0-or-later"),
    (r"libgmp", "GMP", "LGPL-3.0-or-later or GPL-2.0-or-later"),
    (r"libunistring", "libunistring", "LGPL-3.0-or-later or GPL-2.0-or-later"),
    (r"libasound", "ALSA library", "LGPL-2.1-or-later"),
    (r"libxcb|libXau|libX11", "X.Org client libraries", "MIT"),
    (r"libdrm", "libdrm", "MIT"),
    (r"libzmq", "ZeroMQ", "MPL-2.0"),
    (r"libsodium", "libsodium", "ISC"),
    (r"lib(scipy_)?openblas", "OpenBLAS", "BSD-3-Clause"),
    (r"libgfortran|libgcc_s|libstdc\+\+|libgomp", "GCC runtime", "GPL-3.0 with the GCC exception"),
    (r"libquadmath", "libquadmath", "LGPL-2.1-or-later"),
    (r"libportaudio", "PortAudio", "MIT"),
    (r"libsndfile", "libsndfile", "LGPL-2.1-or-later"),
    (r"liblsl", "liblsl", "MIT"),
    (r"libjack", "JACK client library", "LGPL-2.1-or-later"),
    (r"libcrypto|libssl", "OpenSSL", "Apache-2.0"),
    (r"libffi", "libffi", "MIT"),
    (r"libbz2", "bzip2", "bzip2-1.0.6"),
    (r"liblzma", "XZ Utils", "0BSD"),
    (r"liblz4", "LZ4", "BSD-2-Clause"),
    (r"libzstd", "Zstandard", "BSD-3-Clause"),
    (r"libz\b", "zlib", "Zlib"),
    (r"libglib|libgio|libgobject|libgmodule", "GLib", "LGPL-2.1-or-later"),
    (r"libpcre2", "PCRE2", "BSD-3-Clause"),
    (r"libdbus", "D-Bus", "AFL-2.1 or GPL-2.0-or-later"),
    (r"libsystemd", "systemd library", "LGPL-2.1-or-later"),
    (r"libmount|libblkid|libuuid", "util-linux libraries", "LGPL-2.1-or-later"),
    (r"libselinux", "SELinux library", "public domain"),
    (r"libcap", "libcap", "BSD-3-Clause"),
    (r"libgcrypt|libgpg-error", "Libgcrypt", "LGPL-2.1-or-later"),
    (r"libdb-5", "Berkeley DB 5.3", "Sleepycat"),
    (r"libtinfo|libncurses", "ncurses", "MIT"),
    (r"libreadline", "readline", "GPL-3.0-or-later"),
    (r"libexpat", "Expat", "MIT"),
    (r"libsqlite3", "SQLite", "public domain"),
    (r"libmvec|libm\.|libc\.", "GNU C library", "LGPL-2.1-or-later"),
    (r"libEGL|libGLES|libGLdispatch", "libglvnd", "MIT"),
    (r"libbluetooth", "BlueZ library", "GPL-2.0-or-later"),
    (r"libusb", "libusb", "LGPL-2.1-or-later"),
    (r"vcruntime|msvcp|ucrtbase|api-ms|concrt", "Microsoft C++ runtime", "redistributable"),
)  # fmt: skip
"""Native libraries that wheels bring or that come from the system: pattern, name, licence."""


@dataclass(frozen=True, order=True)
class Part:
    """One part of a bundle.

    Attributes:
        name: Name of the distribution or library.
        version: Its version; empty if it is not known.
        licence: SPDX expression where the part gives one.
        origin: Distribution or system that it came with.
    """

    name: str
    version: str
    licence: str
    origin: str


def parts(collected: Mapping[str, str]) -> list[Part]:
    """Return all parts, sorted by name.

    Args:
        collected: Source path of each collected file, by its place in the bundle.
    """
    owners = {
        str(Path(str(dist.locate_file(file))).resolve()): dist
        for dist in metadata.distributions()
        for file in dist.files or ()
    }
    found = {Part("Python", sys.version.split()[0], "PSF-2.0", "the program itself")}
    for place, source in collected.items():
        if not Path(source).is_absolute():
            continue  # a link to another part
        owner = owners.get(str(Path(source).resolve()))
        if owner is not None:
            found.add(of_distribution(owner))
        if not source.endswith(".py"):
            found.update(_native(place, owner))
        if source.endswith("face_landmarker.task"):
            found.add(Part("MediaPipe Face Landmarker (model)", "", "Apache-2.0", "MediaPipe"))
    found.add(Part("Sentio's models", "", "MIT; their data: docs/models.md", "sentio-affect"))
    found.add(Part("PyInstaller bootloader", _version("pyinstaller"), _BOOT, "the program itself"))
    return sorted(found, key=lambda part: (part.name.lower(), part))


def write(collected: Mapping[str, str], folder: Path) -> None:
    """Write ``LICENCES.md`` and the texts into a bundle."""
    listed = parts(collected)
    texts = folder / "licences"
    texts.mkdir(exist_ok=True)
    for part in listed:
        for source in _texts(part.name):
            target = texts / f"{part.name}-{source.name}"
            shutil.copyfile(source, target)
    head = (
        "# Licences\nEvery part of this folder. `licences/` has the texts that came with them.\n\n"
    )
    (folder / "LICENCES.md").write_text(head + table(listed), encoding="utf-8")


def table(listed: list[Part]) -> str:
    """Return the parts as a Markdown table."""
    rows = [f"| {p.name} | {p.version} | {p.licence} | {p.origin} |" for p in listed]
    return (
        "\n".join(["| part | version | licence | comes with |", "|---|---|---|---|", *rows]) + "\n"
    )


def of_distribution(dist: metadata.Distribution) -> Part:
    """Return an installed distribution with the licence that it states."""
    about = dist.metadata
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier") or ()
                   if c.startswith("License :: ") and c.count(" :: ") > 1]  # fmt: skip
    stated = (
        about.get("License-Expression") or " / ".join(classifiers) or about.get("License") or ""
    )
    licence = stated.strip().splitlines()[0][:80] if stated.strip() else _FALLBACK
    return Part(about["Name"], dist.version, _PLAIN.get(about["Name"].lower(), licence), "Python")


_BOOT = "GPL-2.0 with an exception for any program"
_FALLBACK = "unknown: read its text"
_PLAIN = {"sentio-affect": "MIT", "brainflow": "MIT", "mediapipe": "Apache-2.0"}
"""Licences of distributions that state none in their metadata."""


def _native(place: str, owner: metadata.Distribution | None) -> Iterator[Part]:
    name = place.replace("\\", "/").rsplit("/", 1)[-1]
    if name.startswith(("libpython", "python3")) or not re.search(
        r"\.(so(\.|$)|dylib$|dll$)", name
    ):
        return
    for pattern, title, licence in NATIVE:
        if re.match(pattern, name):
            origin = owner.metadata["Name"] if owner is not None else "the system that built it"
            yield Part(title, "", licence, origin)
            return
    if owner is None and not re.search(r"\.cpython-|\.pyd$|lib-dynload", place):
        yield Part(name, "", _FALLBACK, "the system that built it")


def _texts(name: str) -> list[Path]:
    try:
        files = metadata.distribution(name).files or ()
    except (metadata.PackageNotFoundError, ValueError):
        return []
    wanted = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
    return [
        path
        for file in files
        if ".dist-info" in str(file) and wanted.search(file.name)
        and (path := Path(str(file.locate()))).is_file()
    ]  # fmt: skip


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def update_page(bundle: Path, page: Path) -> None:
    """Replace the table of parts in a page of the documentation by that of a bundle."""
    table_of_bundle = (bundle / "LICENCES.md").read_text(encoding="utf-8").partition("| part ")
    begin, end = "<!-- parts -->\n", "<!-- end of parts -->"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2]
    page.write_text(before + begin + "| part " + table_of_bundle[2] + end + after, encoding="utf-8")
