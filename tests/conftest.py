"""Fixtures for real data; tests are skipped if it is missing."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

# The duration of an example depends on the machine, not on the code. In CI the examples are the
# same in each run, so that a change fails for what it did; elsewhere each run tries new ones.
settings.register_profile(
    "sentio",
    max_examples=50,
    deadline=None,
    print_blob=True,
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("sentio")

pytest_plugins = ["tests.run_limit"]

# The workers share the cores already, and threads that wait for a share use a core each.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture
def monkeypatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Keep what a patch has placed until it is replaced again.

    Before 3.13 CPython frees a replaced attribute of a class first and invalidates the cached
    method second. If freeing releases the interpreter's lock, as that of an object of a library
    does, another thread that calls the method then reads a freed function.
    """
    placed: list[Any] = []
    place = monkeypatch.setattr

    def keep(*args: Any, **options: Any) -> None:
        placed.append(args)
        place(*args, **options)

    monkeypatch.setattr = keep  # type: ignore[method-assign]
    yield monkeypatch
    monkeypatch.undo()


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep receipts, audit and profiles of the tests out of the user's data folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("states")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_token_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep token files of killed sidecars away from clients of the same port.

    A client that finds one gives the token to a peer that expects none, and is refused.
    """
    folder = tmp_path_factory.mktemp("runtime")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(run_folder: Path) -> Iterator[None]:
    """Share the assemblies that Mono compiles between the workers of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENTIO_MONO_CACHE", str(run_folder / "mono_cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_lsl_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the LSL streams of tests that run at the same time apart."""
    folder = tmp_path_factory.mktemp("lsl")
    path = folder / "lsl_api.cfg"
    session = f"sentio-{os.getpid()}"
    path.write_text(f"[log]\nlevel = -2\n[lab]\nSessionID = {session}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        if "LSLAPICFG" not in os.environ:
            patch.setenv("LSLAPICFG", str(path))
        yield


@pytest.fixture(scope="session")
def signal() -> ModuleType:
    """Return scipy.signal, which takes .7 s to import in each worker that needs it."""
    import scipy.signal

    return scipy.signal


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of labelled data (SENTIO_DATA, else ../shared/data), or skip."""
    path = Path(os.environ.get("SENTIO_DATA", SHARED / "data"))
    if not path.is_dir():
        pytest.skip(f"no labelled data at {path}: set SENTIO_DATA")
    return path


@pytest.fixture(scope="session")
def landmarker() -> Path:
    """Return the path of MediaPipe's face landmarker, or skip the test.

    It is in ``SENTIO_MODELS``, else in ``../shared/models``.
    """
    path = Path(os.environ.get("SENTIO_MODELS", SHARED / "models")) / "face_landmarker.task"
    if not path.is_file():
        pytest.skip(f"no face_landmarker.task at {path.parent}: set SENTIO_MODELS")
    return path


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Exclude modules and tests, which stay to the end, from garbage collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Distribute whole files to the workers, longest first."""
    from tests.distribution import ByFile

    config.option.loadscopereorder = False
    return ByFile(config, log)
