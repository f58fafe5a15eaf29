"""Uses that are always refused, and the rule for children; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sentio_bridge.errors import RequestError

FORBIDDEN = {
    "workplace": (
        "workplace", "workforce", "employee", "employees", "employer", "recruitment", "hiring",
        "arbeitsplatz", "mitarbeiter", "beschäftigte", "bewerber",
    ),
    "education": (
        "classroom", "pupil", "pupils", "schoolchildren", "proctoring", "coursework",
        "unterricht", "schüler", "klassenzimmer", "prüfungsaufsicht",
    ),
}  # fmt: skip
"""Words that name a forbidden use anywhere in a text, by place."""

FORBIDDEN_NAMES = {
    "workplace": ("work", "worker", "staff", "hr", "jobinterview", "callcenter", "productivity"),
    "education": ("education", "school", "student", "students", "teaching", "exam", "exams"),
}
"""Names of purposes that are refused; in longer texts these words can mean something else."""

_WHERE = {"workplace": "at work", "education": "in education"}

_REASON = (
    "Article 5(1)(f) of the EU AI Act (Regulation (EU) 2024/1689) prohibits inferring emotions of"
    " people {where}; its exceptions, medical and safety reasons, need legal advice and another"
    " product"
)


def check_use(words: Iterable[str]) -> None:
    """Refuse purposes, or a text that states a purpose, that name a forbidden use.

    Args:
        words: Purposes or free texts.

    Raises:
        RequestError: One of them names a use that the law forbids; the message has the reason.
    """
    for text in words:
        problem = forbidden(text)
        if problem:
            raise RequestError("refused", problem, "see docs/responsible-use.md")


def forbidden(text: str) -> str:
    """Return why the use that a text names is refused, or an empty text."""
    found = set(re.findall(r"[^\W\d_]+", text.casefold()))
    joined = text.casefold().replace("_", "").replace("-", "").replace(" ", "")
    for place, words in FORBIDDEN.items():
        if found.intersection(words) or joined in (*words, *FORBIDDEN_NAMES[place]):
            return f"{text[:80]!r} is refused: {_REASON.format(where=_WHERE[place])}"
    return ""


def check_child(subject: str, guardian: str, children: Mapping[str, str]) -> None:
    """Refuse a grant for a child without its guardian.

    Args:
        subject: Subject of the grant.
        guardian: Pseudonym of the guardian who grants; may be empty.
        children: Guardian of each subject that is a child; an empty text: not known yet.

    Raises:
        RequestError: The subject is a child, and the guardian is missing or another one.
    """
    if subject not in children:
        return
    expected = children[subject]
    if not guardian:
        raise RequestError(
            "refused",
            f"{subject!r} is a child: a guardian must grant the consent",
            "let the guardian agree, and name the guardian in the request",
        )
    if guardian != expected:
        # Not who it is: a dialog shows this to the child.
        known = "the configuration names another" if expected else "none is configured"
        raise RequestError(
            "refused",
            f"{guardian!r} is not the guardian of {subject!r}: {known}",
            f"write the guardian in [privacy.children]: {subject} = ...",
        )
