"""Every HTML page of Sentio: one template, one style, everything escaped.

It stands in ``sentio_recording`` because that is the lowest package that writes a page; the
bridge's pages of sessions, profiles and batches use it too. A page needs no other file, no script
and no network, and says so to the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2 import Template as _Template
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    kind: ClassVar[str] = "items"
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        head: Of the columns.
        rows: Cells, as text or as drawings.
        numeric: Whether all columns but the first hold numbers.
    """

    kind: ClassVar[str] = "table"
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with a caption above it.

    Attributes:
        drawing: Inline SVG.
        caption: In bold; may be empty.
        style: CSS class of the caption.
        note: After it, dimmed.
        keys: CSS class and text of each line or area.
    """

    kind: ClassVar[str] = "figure"
    drawing: Markup
    caption: str = ""
    style: str = ""
    note: str = ""
    keys: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG, held by the page itself.

    Attributes:
        data: The file's bytes in base64.
        text: What it shows, for who cannot see it.
    """

    kind: ClassVar[str] = "image"
    data: str
    text: str


Content = Text | Items | Table | Figure | Image


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a page; left out where it has no content.

    Attributes:
        title: Its heading.
        content: In order.
    """

    title: str
    content: Sequence[Content]


def render(title: str, subtitle: str, sections: Sequence[Section]) -> str:
    """Return a page; the same arguments give the same bytes.

    Args:
        title: Its heading.
        subtitle: In a line under it.
        sections: In order.
    """
    shown = [section for section in sections if section.content]
    return _template().render(title=title, subtitle=subtitle, sections=shown) + "\n"


@cache
def _template() -> _Template:
    environment = Environment(
        loader=PackageLoader("sentio_recording"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
