"""Uses that are refused, and grants for children."""

from __future__ import annotations

import pytest

from sentio_bridge.errors import RequestError
from sentio_bridge.privacy import policy
from sentio_bridge.protocol.vocabulary import PURPOSES


@pytest.mark.parametrize(
    "use",
    [
        "workplace", "work", "HR", "call_center", "employee stress", "hiring", "education",
        "school", "exam", "proctoring", "classroom attention", "Mitarbeiter",
        "Stress am Arbeitsplatz",
    ],
)  # fmt: skip
def test_a_use_at_work_or_in_education_is_refused_with_the_reason(use: str) -> None:
    with pytest.raises(RequestError, match=r"Article 5\(1\)\(f\)"):
        policy.check_use([use])


@pytest.mark.parametrize(
    "use", [*PURPOSES, "", "playtest 12", "university study of breathing", "network test"]
)
def test_other_uses_are_not_refused(use: str) -> None:
    policy.check_use([use])


def test_a_child_needs_its_guardian() -> None:
    children = {"kim": "parent-1", "lee": ""}
    policy.check_child("ana", "", children)
    policy.check_child("kim", "parent-1", children)
    for subject, guardian in (("kim", ""), ("kim", "parent-2"), ("lee", ""), ("lee", "parent-1")):
        with pytest.raises(RequestError, match=r"child|guardian") as refused:
            policy.check_child(subject, guardian, children)
        stated = f"{refused.value.what} {refused.value.fix}".replace(guardian, "")
        assert "parent-1" not in stated, "a dialog would tell the child whom to name"
