"""Typed errors of models.

ModelError
├── ModelMissingError    the file is missing (the fix gets it)
├── ModelRefusedError    its bytes, shapes or outputs differ from the manifest
└── ModelFailedError     it failed, returned NaN, or was too slow too often
    └── ModelEndedError  its process hung, crashed, or has ended too often
"""

from __future__ import annotations


class ModelError(Exception):
    """A model cannot be used.

    Args:
        what: What happened: what was received and what was expected.
        fix: What the user can do, often a command; may be empty.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class ModelMissingError(ModelError):
    """The model's file, or the package that runs it, is missing."""


class ModelRefusedError(ModelError):
    """The model's bytes, shapes, types or probe outputs differ from its manifest."""


class ModelFailedError(ModelError):
    """The model failed: an exception, a non-finite output, or too slow too often."""


class ModelEndedError(ModelFailedError):
    """The process of a user's model hung, crashed, or has ended too often."""
