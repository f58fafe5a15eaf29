"""Prepare a bundle's interpreter; PyInstaller runs this before `sentio` starts."""

import ctypes
import ctypes.util
import os
import runpy
import sys
from pathlib import Path
from types import ModuleType

PROCESSES = ("sandbox_probe", "model_process")
"""Modules that a bundle runs as processes: `sentio -m sentio_models.user_models.NAME ...`."""

PARTS = Path(sys._MEIPASS)  # noqa: SLF001

# MediaPipe imports these only to draw pictures, which Sentio never does with it; the real OpenCV
# and Matplotlib would double the bundle's size.
for name in ("cv2", "matplotlib", "matplotlib.pyplot"):
    sys.modules[name] = ModuleType(name)
sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]

if sys.platform.startswith("linux"):
    # sounddevice asks the linker's cache for PortAudio, which does not know this folder.
    elsewhere = ctypes.util.find_library

    def find_library(name: str) -> str | None:
        """Return the bundle's library of this name, else the system's."""
        inside = sorted(PARTS.glob(f"lib{name}.so*"))
        return str(inside[0]) if inside else elsewhere(name)

    ctypes.util.find_library = find_library

    # The system's graphics and sound libraries have priority, because they know its drivers and
    # sound servers; a system without them (a server, a container) gets the bundle's.
    for name in ("libGLdispatch.so.0", "libEGL.so.1", "libGLESv2.so.2", "libasound.so.2"):
        for place in (name, str(PARTS / "fallback" / name)):
            try:
                ctypes.CDLL(place, mode=ctypes.RTLD_GLOBAL)
                break
            except OSError:
                continue
    # Without this file PortAudio aborts the whole process.
    if not Path("/usr/share/alsa/alsa.conf").exists():
        os.environ.setdefault("ALSA_CONFIG_PATH", str(PARTS / "fallback" / "alsa.conf"))

if len(sys.argv) > 2 and sys.argv[1] == "-m":
    wanted = sys.argv[2]
    if wanted in {f"sentio_models.user_models.{name}" for name in PROCESSES}:
        sys.argv = sys.argv[2:]
        runpy.run_module(wanted, run_name="__main__", alter_sys=True)
        sys.exit(0)
