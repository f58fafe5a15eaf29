"""The two BLAS routines of the filter, without the rest of scipy.

Importing ``scipy.linalg`` costs every sidecar .12 s of processor time and 21 MB for the sake of one
extension module (scipy 1.17). That module is loaded from its file; where this is not possible, as
on Windows, where scipy must find its libraries first, ``scipy.linalg`` is imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType

_NAME = "scipy.linalg._fblas"


def _alone() -> ModuleType | None:
    """Return scipy's extension module, or None if its file cannot be loaded alone."""
    if _NAME in sys.modules:
        return sys.modules[_NAME]
    scipy = find_spec("scipy")
    places = (scipy and scipy.submodule_search_locations) or ()
    spec = PathFinder.find_spec(_NAME, [f"{place}/linalg" for place in places])
    if spec is None or spec.loader is None:
        return None
    try:
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError:
        return None
    sys.modules[_NAME] = module  # a later import of scipy.linalg uses the same
    return module


_blas = _alone() or import_module("scipy.linalg.blas")
dsymv, dsyr = _blas.dsymv, _blas.dsyr
