"""Everything that can go wrong with a model, as typed errors.

ModelError
├── ModelMissingError    the file is not there (says how to get it)
├── ModelRefusedError    its bytes, shapes or outputs are not what the manifest promises
└── ModelFailedError     it ran and failed, returned NaN, or took too long too often
"""

from __future__ import annotations


class ModelError(Exception):
    """A model cannot be used.

    Args:
        what: What happened, with what was got and what was expected.
        fix: What a person can do about it, often a command; may be empty.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class ModelMissingError(ModelError):
    """The model's file, or the package that runs it, is not there."""


class ModelRefusedError(ModelError):
    """The model's bytes, shapes, types or probe outputs are not what its manifest promises."""


class ModelFailedError(ModelError):
    """The model ran and failed: an exception, a non-finite output, or too slow too often."""
