"""Operation `consent`: receipts before effects, withdrawals at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.control import consent_handlers
from sentio_bridge.control.consent_handlers import ConsentHandlers
from sentio_bridge.control.dispatcher import Dispatcher
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import EventMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.consent_book import MOST_RECEIPTS
from sentio_bridge.privacy.consent_keeper import Circumstances, ConsentKeeper
from sentio_bridge.privacy.ended import Ended
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import Client, Grant, Role
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS

NOW = 1000.0


class Queue:
    """Jobs that run when the test starts them."""

    def __init__(self, room: int = 100) -> None:
        self.jobs: list[tuple[Callable[[], None], Callable[[float], None]]] = []
        self.room = room

    def submit(self, work: Callable[[], None], done: Callable[[float], None]) -> None:
        if len(self.jobs) >= self.room:
            raise RequestError("busy", "the queue is full")
        self.jobs.append((work, done))

    def run(self) -> None:
        for work, done in self.jobs:
            work()
            done(NOW)
        self.jobs.clear()


class Session:
    """A hub with the handlers of consent and a folder of receipts."""

    def __init__(self, folder: Path, jobs: Queue | None = None, **options: Any) -> None:
        self.today = datetime(2026, 1, 1, tzinfo=UTC)
        self.keeper = ConsentKeeper(
            ["ana"], ReceiptStore(folder), clock=lambda: self.today, **options
        )
        self.ledger = ConsentLedger()
        state = SubjectState(SubjectModel("ana"), self.ledger, FramePacer(30.0))
        self.hub = Hub(7, {"ana": state})
        self.erased: list[tuple[str, list[Ended]]] = []
        self.handlers = ConsentHandlers(self.hub, self.keeper, jobs, jobs, erase=self._erase)
        self._control = Dispatcher(self.handlers.handlers())
        self.replies: list[dict[str, Any]] = []

    def _erase(self, subject: str, ended: Sequence[Ended]) -> tuple[list[str], list[str]]:
        self.erased.append((subject, list(ended)))
        return [], []

    def send(self, action: str, **arguments: Any) -> None:
        body = msgspec.msgpack.encode({"id": 1, "op": "consent", "action": action, **arguments})
        self._control.handle(
            body,
            Client("c", Grant(Role.OPERATOR)),
            NOW,
            lambda reply: self.replies.append(codec.decode_map(reply)),
        )

    def ask(self, action: str, **arguments: Any) -> dict[str, Any]:
        self.send(action, **arguments)
        return self.replies.pop()


@pytest.fixture
def ana(tmp_path: Path) -> Session:
    return Session(tmp_path)


def test_a_grant_needs_a_sensor_and_known_purposes(ana: Session) -> None:
    for arguments in (
        {"purposes": ["adapt"]},
        {"sensor": "nose", "purposes": ["adapt"]},
        {"sensor": "eeg", "purposes": ["sell"]},
        {"sensor": "eeg", "purposes": []},
    ):
        assert ana.ask("grant", **arguments)["error"]["code"] == "bad_argument", arguments
    assert ana.keeper.receipts("ana") == ()


def test_grant_and_withdrawal_are_events_and_can_be_read(ana: Session) -> None:
    ana.ask("grant", sensor="eeg", purposes=["adapt"], by="ana")
    assert ana.ask("status")["consent"]["eeg"] == ["adapt"]
    ana.ask("withdraw", sensor="eeg")
    assert ana.ask("status")["consent"]["eeg"] == []
    events = [m.body for m in ana.hub.poll(NOW) if isinstance(m, EventMessage)]
    assert [(e.kind, e.data.by) for e in events if e.kind == "consent"] == [  # type: ignore[union-attr]
        ("consent", "ana"),
        ("consent", "client"),
    ]


def test_a_receipt_has_who_what_when_how_until_when_and_the_text(
    ana: Session, tmp_path: Path
) -> None:
    text = ana.ask("text", template="study", language="de")["text"]
    reply = ana.ask(
        "grant", sensor="camera", purposes=["research"], by="ana", how="godot", days=30,
        text=text["body"], text_name=text["name"], text_version=text["version"], language="de",
    )  # fmt: skip
    (receipt,) = reply["receipts"]
    expected = {
        "subject": "ana", "sensor": "camera", "granted": True, "purposes": ["research"],
        "by": "ana", "how": "godot", "at": "2026-01-01T00:00:00Z",
        "expires": "2026-01-31T00:00:00Z",
    }  # fmt: skip
    assert {key: receipt[key] for key in expected} == expected
    assert receipt["text"]["sha256"] == text["sha256"]
    assert ReceiptStore(tmp_path).text(text["sha256"]) == text["body"]
    assert ana.ask("receipts")["receipts"] == [receipt]


def test_decisions_stand_after_a_restart(ana: Session, tmp_path: Path) -> None:
    ana.ask("grant", sensor="eeg", purposes=["adapt", "record"])
    ana.ask("grant", sensor="body", purposes=["adapt"])
    ana.ask("withdraw", sensor="eeg", purposes=["record"])
    ana.ask("withdraw", sensor="body")
    again = Session(tmp_path)
    assert again.keeper.standing("ana") == {"eeg": ("adapt",)}
    assert again.keeper.withdrawn("ana") == ["body"]


def test_a_withdrawal_without_a_sensor_ends_everything(ana: Session) -> None:
    for sensor in SENSORS:
        ana.ask("grant", sensor=sensor, purposes=list(PURPOSES))
    reply = ana.ask("withdraw")
    assert not any(reply["consent"].values())
    assert ana.keeper.standing("ana") == {}


def test_nothing_is_allowed_before_the_receipt_is_kept(tmp_path: Path) -> None:
    queue = Queue()
    session = Session(tmp_path, queue)
    session.send("grant", sensor="eeg")
    assert session.replies == []
    assert not session.ledger.allows("eeg")
    queue.run()
    assert session.replies[0]["consent"]["eeg"] == ["adapt"]
    assert session.ledger.allows("eeg")


def test_a_withdrawal_has_its_effect_before_it_is_kept(tmp_path: Path) -> None:
    queue = Queue()
    session = Session(tmp_path, queue)
    session.send("grant", sensor="eeg")
    queue.run()
    session.send("withdraw", sensor="eeg")
    assert not session.ledger.allows("eeg")
    queue.run()
    assert Session(tmp_path).keeper.standing("ana") == {}


def test_a_grant_that_was_overtaken_by_a_withdrawal_has_no_effect(tmp_path: Path) -> None:
    queue = Queue()
    session = Session(tmp_path, queue)
    session.send("grant", sensor="eeg")
    session.send("withdraw", sensor="eeg")
    queue.run()
    assert session.replies[0]["error"]["code"] == "refused"
    assert not session.ledger.allows("eeg")
    assert Session(tmp_path).keeper.standing("ana") == {}


def test_a_grant_that_cannot_be_kept_has_no_effect(tmp_path: Path) -> None:
    session = Session(tmp_path / "state")
    (tmp_path / "state").write_text("")
    assert session.ask("grant", sensor="eeg")["error"]["code"] == "failed"
    assert not session.ledger.allows("eeg")
    assert session.keeper.standing("ana") == {}


def test_a_withdrawal_that_cannot_be_kept_has_its_effect_and_is_reported(tmp_path: Path) -> None:
    session = Session(tmp_path / "state")
    session.ask("grant", sensor="eeg")
    for path in (tmp_path / "state" / "receipts").iterdir():
        path.unlink()
        path.mkdir()
    reply = session.ask("withdraw", sensor="eeg")
    assert reply["ok"]
    assert reply["problems"]
    assert not session.ledger.allows("eeg")


@pytest.mark.parametrize("how", ["withdrawn", "erased", "damaged", "unreadable"])
def test_what_another_program_ends_in_the_file_ends_at_once(tmp_path: Path, how: str) -> None:
    session = Session(tmp_path)
    session.ask("grant", sensor="eeg", purposes=["adapt", "record"])
    (file,) = (tmp_path / "receipts").iterdir()
    if how == "withdrawn":  # `sentio consent withdraw` that did not reach this sidecar
        Session(tmp_path).ask("withdraw", sensor="eeg", purposes=["adapt"])
    elif how == "erased":
        ReceiptStore(tmp_path).erase("ana")
    elif how == "damaged":
        file.write_bytes(file.read_bytes().replace(b"eeg", b"ecg"))
    else:
        file.unlink()
        file.mkdir()
    session.handlers.end_expired(NOW)
    assert not session.ledger.allows("eeg")
    left = {"eeg": ("record",)} if how == "withdrawn" else {}
    assert session.keeper.standing("ana") == left


def test_an_expired_grant_does_not_come_back_with_a_clock_that_is_set_back(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.ask("grant", sensor="eeg", purposes=["adapt", "record"], days=30)
    session.ask("grant", sensor="body", purposes=["adapt"])
    session.today += timedelta(days=31)
    for _ in range(2):  # the second one writes what the first one ended
        session.handlers.end_expired(NOW)
    assert not session.ledger.allows("eeg")
    assert len(ReceiptStore(tmp_path).load("ana")) == 3
    back = Session(tmp_path)
    back.today += timedelta(days=10)
    assert back.keeper.standing("ana") == {"body": ("adapt",)}


def test_a_grant_in_the_file_of_another_program_is_not_followed(tmp_path: Path) -> None:
    session, other = Session(tmp_path), Session(tmp_path)
    other.ask("grant", sensor="eeg")
    session.ask("grant", sensor="body")
    session.handlers.end_expired(NOW)
    assert not session.ledger.allows("eeg")
    assert session.ledger.allows("body")


def test_a_withdrawal_that_is_written_before_its_grant_is_the_last_line(tmp_path: Path) -> None:
    queue = Queue()
    session = Session(tmp_path, queue)
    session.send("grant", sensor="eeg")
    made = session.keeper.withdraw("ana", ["eeg"], None, Circumstances())
    session.keeper.store.keep(made)  # on the thread that erases
    queue.run()
    assert not session.ledger.allows("eeg")
    assert Session(tmp_path).keeper.standing("ana") == {}


def test_repeated_withdrawals_are_stored_once_until_something_is_granted(tmp_path: Path) -> None:
    session, store = Session(tmp_path), ReceiptStore(tmp_path)
    session.ask("withdraw")  # nothing was granted: a refusal
    for _ in range(5):
        reply = session.ask("withdraw", sensor="eeg", purposes=["adapt"])
        assert [r["granted"] for r in reply["receipts"]] == [False]
    assert len(store.load("ana")) == len(SENSORS)
    for _ in range(2):
        session.ask("grant", sensor="eeg")
        for _ in range(3):
            session.ask("withdraw", sensor="eeg")
    assert [r.granted for r in store.load("ana")[len(SENSORS) :]] == [True, False] * 2
    Session(tmp_path).ask("grant", sensor="eeg")  # of another program: not in this one's memory
    session.ask("withdraw", sensor="eeg")
    assert Session(tmp_path).keeper.standing("ana") == {}


def test_a_withdrawal_that_was_stored_before_a_grant_began_does_not_cover_it(
    tmp_path: Path,
) -> None:
    queue = Queue()
    session = Session(tmp_path, queue)
    session.send("withdraw", sensor="eeg")
    session.send("grant", sensor="eeg")
    queue.run()
    session.send("withdraw", sensor="eeg")
    queue.run()
    assert Session(tmp_path).keeper.standing("ana") == {}


def test_grants_have_a_rate_and_withdrawals_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent_handlers, "GRANTS", 3)
    session = Session(tmp_path)
    for _ in range(3):
        assert session.ask("grant", sensor="eeg")["ok"]
    assert session.ask("grant", sensor="eeg")["error"]["code"] == "busy"
    assert session.ask("withdraw", sensor="eeg")["ok"]
    assert not session.ledger.allows("eeg")
    assert Session(tmp_path).keeper.standing("ana") == {}


@pytest.mark.parametrize("then", ["a second passes", "it ends", "a grant", "it erases"])
def test_a_withdrawal_is_stored_though_the_queue_was_full(tmp_path: Path, then: str) -> None:
    erase = then == "it erases"
    queue = Queue()
    session = Session(tmp_path, queue)
    session.send("grant", sensor="eeg")
    queue.run()
    queue.room = 0
    session.replies.clear()
    reply = session.ask("withdraw", sensor="eeg", erase=erase)
    assert not session.ledger.allows("eeg")
    assert reply["ok"]
    assert reply["consent"]["eeg"] == [], "it has its effect"
    assert [receipt["granted"] for receipt in reply["receipts"]] == [False]
    waits = [consent_handlers.WAITS, consent_handlers.WAITS_ERASE]
    assert reply["problems"] == (waits if erase else waits[:1])
    assert reply.get("erased") == ([] if erase else None)
    session.handlers.end_expired(NOW)  # the queue is still full
    queue.room = 1
    if then == "it ends":
        session.handlers.close()
    elif then == "a grant":
        session.send("grant", sensor="eeg", purposes=["research"])
    else:
        session.handlers.end_expired(NOW)
    queue.run()
    session.handlers.end_expired(NOW)
    queue.run()
    assert session.erased == ([("ana", [Ended("eeg")])] if erase else [])
    left = {"eeg": ("research",)} if then == "a grant" else {}
    assert Session(tmp_path).keeper.standing("ana") == left


def test_many_decisions_stay_bounded_in_memory(tmp_path: Path) -> None:
    session = Session(tmp_path)
    for _ in range(60):
        session.ask("grant", sensor="eeg")
        session.ask("withdraw", sensor="eeg")
    assert len(session.keeper.receipts("ana")) == MOST_RECEIPTS
    assert len(ReceiptStore(tmp_path).load("ana")) == 120


def test_consent_ends_when_its_time_has_passed(tmp_path: Path) -> None:
    session = Session(tmp_path, days=10)
    session.ask("grant", sensor="eeg", purposes=["adapt", "record"], days=2)
    session.ask("grant", sensor="body")
    session.today += timedelta(days=2, seconds=-1)
    session.handlers.end_expired(NOW)
    assert session.ledger.allows("eeg", "record")
    session.today += timedelta(seconds=1)
    session.handlers.end_expired(NOW)
    assert not session.ledger.allows("eeg")
    assert session.ledger.withdrawn("eeg")
    assert session.ledger.allows("body")
    session.today += timedelta(days=8)
    session.handlers.end_expired(NOW)
    assert not session.ledger.allows("body")


def test_forbidden_purposes_are_refused_by_name_with_the_reason(ana: Session) -> None:
    error = ana.ask("grant", sensor="camera", purposes=["workplace"])["error"]
    assert error["code"] == "refused"
    assert "workplace" in error["message"]
    assert "Article 5(1)(f)" in error["message"]
    assert ana.keeper.receipts("ana") == ()


def test_a_child_has_no_consent_without_its_guardian(tmp_path: Path) -> None:
    session = Session(tmp_path, children={"ana": "parent-1"})
    assert session.ask("grant", sensor="eeg", by="ana")["error"]["code"] == "refused"
    assert session.ask("grant", sensor="eeg", guardian="uncle")["error"]["code"] == "refused"
    (receipt,) = session.ask("grant", sensor="eeg", guardian="parent-1")["receipts"]
    assert receipt["guardian"] == "parent-1"
    assert session.ledger.allows("eeg")
    session.ask("withdraw", sensor="eeg", by="ana")
    assert not session.ledger.allows("eeg")


@pytest.mark.parametrize("template", ["game", "study", "clinic"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_text_fits_into_a_request_and_has_a_version(
    ana: Session, template: str, language: str
) -> None:
    text = ana.ask("text", template=template, language=language)["text"]
    assert (text["name"], text["language"], text["version"]) == (template, language, "4")
    assert len(text["body"]) < 8192
    assert "$" not in text["body"]
    assert "50" in text["body"]


def test_a_missing_text_is_refused(ana: Session) -> None:
    assert ana.ask("text", template="casino")["error"]["code"] == "bad_argument"
