"""HTML pages of Sentio: one template, one style, everything escaped.

``sentio_recording`` is the lowest package that writes a page; the bridge's pages of sessions,
profiles and batches use this module too. A page needs no other file, no script and no network,
and forbids them in its content security policy.
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
        head: Headings of the columns.
        rows: Cells, as text or drawings.
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
        caption: Caption in bold; may be empty.
        style: CSS class of the caption.
        note: Dimmed text after the caption.
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
    """A PNG that is embedded in the page.

    Attributes:
        data: The file's bytes in base64.
        text: Alternative text.
    """

    kind: ClassVar[str] = "image"
    data: str
    text: str


Content = Text | Items | Table | Figure | Image


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with a heading; omitted without content.

    Attributes:
        title: Heading.
        content: Content in order.
    """

    title: str
    content: Sequence[Content]


def render(title: str, subtitle: str, sections: Sequence[Section]) -> str:
    """Return a page; the same arguments give the same bytes.

    Args:
        title: Heading.
        subtitle: Line below the heading.
        sections: Sections in order.
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
