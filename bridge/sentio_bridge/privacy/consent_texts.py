"""Consent texts for a game, a study and a clinic, in English and German."""

from __future__ import annotations

import hashlib
from importlib import resources
from string import Template

import msgspec

from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.consent_book import ShownText

TEMPLATES = ("game", "study", "clinic")
LANGUAGES = ("en", "de")

_NO_RECIPIENT = {"en": "nobody", "de": "niemanden"}
_KEEP = {
    "en": "They are kept until you have them erased.",
    "de": "Sie bleiben gespeichert, bis du sie löschen lässt.",
}
_ERASED = {
    "en": "Recordings are erased when the program starts after more than {} days.",
    "de": "Aufnahmen werden beim ersten Start des Programms nach {} Tagen gelöscht.",
}
_LIMITED = {
    "en": "Recordings are kept for {} days; then {} deletes them.",
    "de": "Aufnahmen bleiben {} Tage gespeichert; dann löscht sie {}.",
}
_ENDS = {
    "en": " Your consent ends by itself after {:g} days.",
    "de": " Die Einwilligung endet von selbst nach {:g} Tagen.",
}
_FORMAL_KEEP = "Sie bleiben gespeichert, bis Sie sie löschen lassen."


class TextSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the consent texts state about this installation.

    Attributes:
        template: ``game``, ``study`` or ``clinic``.
        language: ``en`` or ``de``.
        controller: Who is responsible for the data.
        contact: Where a person can ask.
        recipients: Who receives shared data; empty: no one.
        days: Days after which recordings expire; 0: no limit.
        deleted: Whether the program itself deletes them then, when it starts.
        consent_days: Days after which a consent ends; 0: never.
    """

    template: str = "game"
    language: str = "en"
    controller: str = ""
    contact: str = ""
    recipients: str = ""
    days: int = 0
    deleted: bool = False
    consent_days: float = 0.0


class ConsentText(msgspec.Struct, frozen=True, kw_only=True):
    """A text to show to a person before the decision.

    Attributes:
        body: The text.
        shown: Its identity, for the receipt.
    """

    body: str
    shown: ShownText


def consent_text(settings: TextSettings) -> ConsentText:
    """Return the text of a template, filled in for this installation.

    Raises:
        RequestError: The template or the language does not exist.
    """
    name, language = settings.template, settings.language
    if name not in TEMPLATES or language not in LANGUAGES:
        raise RequestError(
            "bad_argument",
            f"there is no text {name!r} in {language!r}",
            f"templates: {', '.join(TEMPLATES)}; languages: {', '.join(LANGUAGES)}",
        )
    file = resources.files("sentio_bridge.privacy").joinpath(f"texts/{name}.{language}.txt")
    first, _, text = file.read_text("utf-8").partition("\n")
    unknown = {"en": "the maker of this program", "de": "der Hersteller dieses Programms"}
    controller = settings.controller or unknown[language]
    body = Template(text.strip()).substitute(
        controller=controller,
        contact=settings.contact or controller,
        recipients=settings.recipients or _NO_RECIPIENT[language],
        keep=_kept(settings, controller),
    )
    version = first.removeprefix("Version ").split(" ")[0]
    return ConsentText(body=body, shown=shown(body, name, version, language))


def _kept(settings: TextSettings, controller: str) -> str:
    """Return how long data are kept and a consent lasts, as configured."""
    language = settings.language
    if not settings.days:
        formal = language == "de" and settings.template != "game"
        text = _FORMAL_KEEP if formal else _KEEP[language]
    elif settings.deleted:
        text = _ERASED[language].format(settings.days)
    else:
        text = _LIMITED[language].format(settings.days, controller)
    days = settings.consent_days
    return text + (_ENDS[language].format(days) if days else "")


def shown(body: str, name: str = "", version: str = "", language: str = "") -> ShownText:
    """Return the identity of a text; of no text for an empty ``body``."""
    if not body:
        return ShownText()
    digest = hashlib.sha256(body.encode()).hexdigest()
    return ShownText(sha256=digest, name=name, version=version, language=language)
