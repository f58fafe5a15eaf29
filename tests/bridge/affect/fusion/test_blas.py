"""The routines of BLAS are scipy's, and cost no import of scipy."""

from __future__ import annotations

import subprocess
import sys

import pytest

ALONE = """
import sys
from sentio_bridge.affect.fusion import blas
import sentio_bridge.server.sidecar
print(sorted(name for name in sys.modules if name.partition(".")[0] == "scipy"))
from scipy.linalg.blas import dsymv, dsyr
from scipy.linalg import cholesky
print(blas.dsymv is dsymv, blas.dsyr is dsyr, cholesky([[4.0]])[0][0])
"""

WITHOUT = """
from importlib.machinery import PathFinder
find = PathFinder.find_spec
PathFinder.find_spec = lambda name, path=None, *more: (
    None if name.endswith("_fblas") and "scipy.linalg" not in __import__("sys").modules
    else find(name, path, *more)
)
from sentio_bridge.affect.fusion import blas
from scipy.linalg.blas import dsymv
print(blas.dsymv is dsymv)
"""


def output(code: str) -> list[str]:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="scipy must find its libraries first")
def test_a_sidecar_imports_one_module_of_scipy() -> None:
    assert output(ALONE) == ["['scipy.linalg._fblas']", "True True 2.0"]


def test_scipy_is_imported_where_its_module_cannot_be_loaded_alone() -> None:
    assert output(WITHOUT) == ["True"]
