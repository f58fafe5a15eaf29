"""Names that a person enters, replaced by pseudonyms as configured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT = Path("sentio.toml")


def known(file: Path, name: str, *, new: bool = False) -> str:
    """Return the pseudonym of a name, or the name as it is.

    Args:
        file: Configuration; its ``[privacy] pseudonyms`` decides.
        name: What was entered.
        new: A name that is not known gets a pseudonym.

    Raises:
        PrivacyError: The list of names cannot be read or written.
    """
    if not name:
        return name
    from sentio_bridge.config import pseudonymous

    return pseudonymous.known(file, name, new=new)


def name_of(text: str) -> str:
    """Return the pseudonym of a known name, for options and arguments.

    Raises:
        BadParameter: The list of names cannot be read.
    """
    return _option(text, new=False)


def new_name_of(text: str) -> str:
    """Return the pseudonym of a name, which gets one if it is new.

    Raises:
        BadParameter: The list of names cannot be read or written.
    """
    return _option(text, new=True)


def _option(text: str, *, new: bool) -> str:
    from sentio_bridge.errors import BridgeError

    try:
        return known(DEFAULT, text, new=new)
    except BridgeError as error:
        raise typer.BadParameter(str(error)) from None


Subject = Annotated[
    str | None,
    typer.Option(parser=name_of, metavar="NAME", help="Subject; required if there are several."),
]
