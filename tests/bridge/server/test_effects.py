"""Effects of commands outside the hub concern the subject of the command alone."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sentio_bridge.affect.personal.profile import Baseline, Profile
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.server.effects import Effects

SUBJECTS = ("ann", "ben")


class Calls:
    """Pool, source or estimator of texts that notes what is called."""

    def __init__(self, subject: str = "", sensors: tuple[str, ...] = ()) -> None:
        self.subject = subject
        self.sensors = sensors
        self.made: list[tuple[str, Any]] = []

    def forget(self, what: str) -> None:
        self.made.append(("forget", what))

    def personalise(self, norms: Any) -> None:
        self.made.append(("personalise", sorted(norms)))

    def update(self) -> None:
        self.made.append(("update", None))


class Rig:
    """Effects on two subjects, each with a pool and two sources."""

    def __init__(self) -> None:
        self.consent = {subject: ConsentLedger() for subject in SUBJECTS}
        for ledger in self.consent.values():
            for sensor in ("body", "text"):
                ledger.grant(sensor, ["adapt"], "test", 0.0)
        self.pools = {subject: Calls() for subject in SUBJECTS}
        self.sources = [Calls(s, (sensor,)) for s in SUBJECTS for sensor in ("body", "eeg")]
        self.texts = Calls()
        pools, sources = cast("Any", self.pools), cast("Any", self.sources)
        self.effects = Effects(self.consent, pools, sources, cast("Any", self.texts))

    def withdraw(self, subject: str, sensor: str) -> None:
        self.consent[subject].withdraw(sensor, "test", 1.0)
        self.effects.applied(cmd.ConsentWithdrawn(subject, sensor, "test"), 1.0)

    def updated(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(source.subject, source.sensors) for source in self.sources if source.made]


@pytest.mark.parametrize(("subject", "other"), [SUBJECTS, SUBJECTS[::-1]])
def test_withdrawal_clears_and_closes_what_is_of_its_subject(subject: str, other: str) -> None:
    rig = Rig()
    rig.withdraw(subject, "body")
    assert rig.pools[subject].made == [("forget", "body")]
    assert rig.pools[other].made == []
    assert rig.updated() == [(subject, ("body",))]


def test_withdrawn_text_is_forgotten_of_its_subject() -> None:
    rig = Rig()
    rig.withdraw("ben", "text")
    assert rig.texts.made == [("forget", "ben")]
    assert rig.updated() == []


def test_grant_opens_the_source_and_clears_nothing() -> None:
    rig = Rig()
    rig.consent["ann"].grant("eeg", ["adapt"], "test", 1.0)
    rig.effects.applied(cmd.ConsentGranted("ann", "eeg", ("adapt",), "test"), 1.0)
    assert rig.pools["ann"].made == []
    assert rig.updated() == [("ann", ("eeg",))]


def test_profile_personalises_the_estimators_of_its_subject() -> None:
    rig = Rig()
    norm = Baseline(mean=60.0, sd=4.0, weight=20.0, low=50.0, high=70.0)
    profile = Profile(subject="ben", baselines={"body": {"heart_rate": norm}})
    rig.effects.applied(cmd.ProfileUsed("ben", profile), 1.0)
    assert rig.pools["ben"].made == [("personalise", ["body"])]
    assert rig.pools["ann"].made == []
