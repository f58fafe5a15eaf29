"""Import code that only the repository has, not the installed package."""

from __future__ import annotations

import importlib
from types import ModuleType

from sentio_bridge.errors import BridgeError


def checkout_module(name: str, command: str) -> ModuleType:
    """Import a module that only a checkout of the repository contains.

    Args:
        name: Dotted module name, for example ``benchmarks.suites``.
        command: The command that needs it, for the error's text.

    Raises:
        BridgeError: The module or one of its dependencies is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        if name.startswith(missing):
            raise BridgeError(
                f"{command}: {missing} is not part of the installed package",
                "run it in a checkout of the repository, after: make .venv/.dev",
            ) from None
        raise BridgeError(
            f"{command}: the package {missing} is not installed",
            "in a checkout: pip install -e '.[train]'",
        ) from None
