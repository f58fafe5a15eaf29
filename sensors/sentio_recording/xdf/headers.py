"""Encode and decode the XML of XDF stream headers and footers; no I/O.

XML from files is parsed with limits: no document types or entities, limited depth, size and
number of elements.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.etree import ElementTree

from sentio_recording.errors import DamagedError
from sentio_recording.xdf.chunks import FORMATS, MAX_CHANNELS
from sentio_sensors.errors import FormatError
from sentio_sensors.stream import Channel, Role, StreamSpec

MAX_XML = 4 << 20
"""Limit of one header or footer, bytes; 1,024 described channels need 100 kB, LabRecorder's footer
with a day's clock offsets 2 MB."""

MAX_DEPTH = 64
"""Limit of nested elements; LSL descriptions have about six."""

MAX_ELEMENTS = 400_000
"""Limit of elements in one header or footer."""

_KINDS = {Role.EEG: "EEG", Role.MARKER: "Markers", Role.AUDIO: "Audio", Role.VIDEO: "VideoFrame"}
"""Common stream types of LSL; other roles are written in capitals."""


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """Description of one stream of an XDF file.

    Attributes:
        name: Readable name; every reader needs one.
        kind: LSL content type such as ``EEG`` or ``Markers``.
        channels: One entry a column.
        rate_hz: Nominal rate; 0 for irregular streams.
        format: One of ``chunks.FORMATS``.
        source_id: Identifier of the device, stable over reconnections.
        meta: Further facts as text by name; stored under ``<desc><sentio>``.
        drops: Samples may be missing between stamps: a reader must not smooth the stamps.
    """

    name: str
    kind: str
    channels: tuple[Channel, ...]
    rate_hz: float = 0.0
    format: str = "float32"
    source_id: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    drops: bool = True


@dataclass(slots=True)
class Summary:
    """Content of a stream's footer.

    Attributes:
        first: Stamp of the first sample, or None.
        last: Stamp of the last sample, or None.
        count: Number of samples.
    """

    first: float | None = None
    last: float | None = None
    count: int = 0


def info_of(spec: StreamSpec, format: str = "") -> StreamInfo:
    """Describe a sensor's stream for the file; ``spec_of`` is the inverse.

    The source id distinguishes equal stream ids of two people (``spec.meta["subject"]``).
    """
    subject = spec.meta.get("subject", "")
    return StreamInfo(
        name=spec.id,
        kind=_KINDS.get(spec.role, spec.role.value.upper()),
        channels=spec.channels,
        rate_hz=spec.rate_hz,
        format=format or ("string" if spec.role is Role.MARKER else "float32"),
        source_id=f"{subject}/{spec.id}" if subject else spec.id,
        meta={
            **{f"meta_{key}": value for key, value in spec.meta.items()},
            "role": spec.role.value,
            "device": spec.device,
        },
    )


def spec_of(info: StreamInfo) -> StreamSpec:
    """Return the sensor's stream described by ``info_of``.

    Raises:
        FormatError: It is not a sensor's stream, or from another program.
    """
    try:
        role = Role(info.meta.get("role", ""))
    except ValueError:
        raise FormatError(f"stream {info.name!r} is not one of Sentio's sensors") from None
    meta = {k[5:]: v for k, v in info.meta.items() if k.startswith("meta_")}
    return StreamSpec(
        info.name, role, info.rate_hz, info.channels, info.meta.get("device", ""), meta
    )


def file_header(datetime: str) -> bytes:
    """Return the content of the FileHeader chunk.

    Args:
        datetime: Wall time of the start, ISO 8601; the one wall time of the file.
    """
    return (
        '<?xml version="1.0"?>\n<info><version>1.0</version>'
        f"<datetime>{_text(datetime)}</datetime></info>"
    ).encode()


def header_xml(info: StreamInfo, created: float, uid: str) -> bytes:
    """Return the XML of a StreamHeader chunk.

    Args:
        info: The stream.
        created: Time of opening (the stream's clock, seconds).
        uid: Unique identifier of this stream in this file.
    """
    kind = "" if info.kind == "Markers" else info.kind
    channels = "".join(
        f"<channel><label>{_text(c.label)}</label><unit>{_text(c.unit)}</unit>"
        f"<type>{_text(kind)}</type></channel>"
        for c in info.channels
    )
    meta = "".join(
        f"<item><name>{_text(k)}</name><value>{_text(v)}</value></item>"
        for k, v in info.meta.items()
    )
    # Otherwise pyxdf would distribute the stamps evenly and move samples into a gap.
    drops = "<synchronization><can_drop_samples>true</can_drop_samples></synchronization>"
    return (
        '<?xml version="1.0"?>\n<info>'
        f"<name>{_text(info.name)}</name><type>{_text(info.kind)}</type>"
        f"<channel_count>{len(info.channels)}</channel_count>"
        f"<nominal_srate>{info.rate_hz:.17g}</nominal_srate>"
        f"<channel_format>{info.format}</channel_format>"
        f"<source_id>{_text(info.source_id)}</source_id>"
        f"<version>1.1</version><created_at>{created!r}</created_at>"
        f"<uid>{_text(uid)}</uid><session_id/><hostname/>"
        f"<desc><channels>{channels}</channels>{drops if info.drops else ''}"
        f"<sentio>{meta}</sentio></desc></info>"
    ).encode()


def footer_xml(summary: Summary) -> bytes:
    """Return the XML of a StreamFooter chunk."""
    first = "" if summary.first is None else repr(summary.first)
    last = "" if summary.last is None else repr(summary.last)
    return (
        f'<?xml version="1.0"?>\n<info><first_timestamp>{first}</first_timestamp>'
        f"<last_timestamp>{last}</last_timestamp>"
        f"<sample_count>{summary.count}</sample_count></info>"
    ).encode()


def _rate(text: str) -> float:
    """Return a stated rate; 0, as of irregular streams, if there is none.

    The samples have stamps of their own, from which the rate is measured.
    """
    try:
        rate = float(text.replace(",", "."))
    except ValueError:
        return 0.0
    return rate if 0 <= rate < 1e9 else 0.0


def parse_header(xml: bytes, offset: int) -> StreamInfo:
    """Parse a stream header.

    Args:
        xml: Content of the chunk.
        offset: Position of the chunk, for the error.

    Raises:
        DamagedError: Not XML, or a required element is missing or invalid.
    """
    root = parse(xml, offset)

    def text(path: str) -> str:
        return (root.findtext(path) or "").strip()

    try:
        count = int(text("channel_count"))
    except ValueError:
        raise DamagedError("a stream header without a channel count", offset=offset) from None
    rate = _rate(text("nominal_srate"))
    format = text("channel_format")
    if format not in FORMATS:
        raise DamagedError(f"channel format {format[:32]!r} is unknown", offset=offset)
    if not 0 <= count <= MAX_CHANNELS:
        raise DamagedError(f"{count} channels", offset=offset)
    described = root.findall("desc/channels/channel")[:count]
    channels = [
        Channel(
            c.findtext("label") or c.findtext("name") or f"ch{i + 1}",
            c.findtext("unit") or c.findtext("units") or "au",
        )
        for i, c in enumerate(described)
    ]
    channels += [Channel(f"ch{i + 1}") for i in range(len(channels), count)]
    meta = {
        item.findtext("name") or "": item.findtext("value") or ""
        for item in root.findall("desc/sentio/item")
    }
    kinds = [c.findtext("type") or "" for c in described]
    if "role" not in meta and any(kinds):
        meta["channel_kinds"] = "\n".join(kinds)
    return StreamInfo(
        text("name") or "unnamed",
        text("type"),
        tuple(channels),
        rate,
        format,
        text("source_id"),
        meta,
    )


def parse_footer(xml: bytes, offset: int) -> int | None:
    """Return the number of samples in a footer, or None if it has none.

    Raises:
        DamagedError: Not XML.
    """
    try:
        return int(parse(xml, offset).findtext("sample_count") or "")
    except ValueError:
        return None


_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)
"""Control characters, which XML excludes, and which senders have in names all the same."""


def parse(xml: bytes, offset: int) -> ElementTree.Element:
    """Parse XML from a file with limits.

    Raises:
        DamagedError: Not XML, too large, too deep, or with a document type.
    """
    if len(xml) > MAX_XML:
        raise DamagedError(f"{len(xml)} bytes of XML, expected at most {MAX_XML}", offset=offset)
    try:
        text = _CONTROLS.sub("\ufffd", xml.decode("utf-8", "replace").strip("\0 \t\r\n"))
        parser = ElementTree.XMLParser(target=_Bounded())
        parser.feed(text)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError) as error:
        raise DamagedError(f"not readable as XML: {error}", offset=offset) from None
    return root


class _Bounded(ElementTree.TreeBuilder):
    """Tree builder with limits of depth and number of elements."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def doctype(self, *_: Any) -> None:
        raise ValueError("a document type is not allowed")

    def start(self, tag: Any, attrs: Any) -> ElementTree.Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise ValueError(f"deeper than {MAX_DEPTH} or over {MAX_ELEMENTS} elements")
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def _text(value: str) -> str:
    """Escape for XML; characters that XML forbids become question marks."""
    clean = "".join(
        c if c in "\t\n" or c >= " " and c not in "\ufffe\uffff" else "?" for c in value
    )
    return escape(clean.encode("utf-8", "replace").decode(), quote=False)
