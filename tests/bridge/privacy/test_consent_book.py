"""State machine of consent: decisions in, what is allowed out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.privacy.consent_book import ConsentBook, Receipt, exactly, of_configuration
from sentio_bridge.protocol.vocabulary import PURPOSES, SENSORS

START = datetime(2026, 1, 1, tzinfo=UTC)


def receipt(
    granted: bool,
    purposes: tuple[str, ...],
    minute: float = 0.0,
    *,
    sensor: str = "eeg",
    how: str = "game",
    expires: float | None = None,
) -> Receipt:
    return Receipt(
        id="1",
        subject="ana",
        sensor=sensor,
        granted=granted,
        purposes=purposes,
        at=at(minute),
        how=how,
        expires=None if expires is None else at(expires),
    )


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


decisions = st.lists(
    st.builds(
        receipt,
        st.booleans(),
        st.lists(st.sampled_from(PURPOSES), min_size=1, unique=True).map(tuple),
        st.integers(0, 100),
        sensor=st.sampled_from(SENSORS),
        how=st.sampled_from(("game", "config", "command")),
        expires=st.none() | st.integers(0, 200),
    ),
    max_size=30,
)


def test_nothing_is_allowed_without_a_decision() -> None:
    book = ConsentBook()
    assert not any(book.allows(s, p, START) for s in SENSORS for p in PURPOSES)
    assert book.standing(START) == {}
    assert book.withdrawn(START) == []


@given(decisions, st.integers(0, 300))
def test_the_newest_decision_about_a_purpose_wins(made: list[Receipt], minute: int) -> None:
    book, now = ConsentBook(made), at(minute)
    latest = max((r.at for r in made), default=now)
    for sensor in SENSORS:
        for purpose in PURPOSES:
            about = [r for r in made if r.sensor == sensor and purpose in r.purposes]
            newest = about[-1] if about else None
            expected = (
                newest is not None
                and newest.granted
                and (newest.expires is None or max(now, latest) < newest.expires)
            )
            assert book.allows(sensor, purpose, now) is expected
            assert (purpose in book.standing(now).get(sensor, ())) is expected


@given(decisions, st.sampled_from(SENSORS), st.integers(0, 300))
def test_a_withdrawal_ends_every_purpose_at_any_later_time(
    made: list[Receipt], sensor: str, minute: int
) -> None:
    book = ConsentBook([*made, receipt(False, PURPOSES, 50, sensor=sensor)])
    assert not any(book.allows(sensor, p, at(minute)) for p in PURPOSES)


@given(decisions, st.integers(0, 300), st.integers(0, 300))
def test_an_expired_consent_never_returns_with_time(
    made: list[Receipt], first: int, second: int
) -> None:
    book = ConsentBook(made)
    early, late = sorted((at(first), at(second)))
    for sensor, purposes in book.standing(late).items():
        assert set(purposes) <= set(book.standing(early)[sensor])


@given(decisions, st.sampled_from(SENSORS), st.sets(st.sampled_from(PURPOSES)))
def test_exactly_these_purposes_remain(made: list[Receipt], sensor: str, wanted: set[str]) -> None:
    book, now = ConsentBook(made), at(100)
    for granted, purposes in exactly(book, sensor, tuple(wanted), now):
        book.add(receipt(granted, purposes, 100, sensor=sensor))
    assert set(book.standing(now).get(sensor, ())) == wanted


tables = st.dictionaries(
    st.sampled_from(SENSORS), st.lists(st.sampled_from(PURPOSES), unique=True), max_size=4
)


def configure(book: ConsentBook, table: dict[str, list[str]], dated: float, now: float) -> None:
    made = of_configuration(book, table, at(dated), at(now))
    for sensor, granted, purposes in made:
        stamp = min(dated, now)
        book.add(receipt(granted, purposes, stamp, sensor=sensor, how="config"))


@given(decisions, tables, st.integers(0, 300))
def test_a_file_never_undoes_a_later_decision(
    made: list[Receipt], table: dict[str, list[str]], dated: int
) -> None:
    book, now = ConsentBook(made), at(150)
    before = {(s, p): book.newest(s, p) for s in SENSORS for p in PURPOSES}
    allowed = {key: book.allows(*key, now) for key in before}
    configure(book, table, dated, 150)
    for (sensor, purpose), newest in before.items():
        later = newest is not None and (newest.at >= at(dated) or dated > 150)
        if later and purpose in table.get(sensor, ()):
            assert book.allows(sensor, purpose, now) is allowed[sensor, purpose]


@given(decisions, tables, st.integers(0, 300), st.integers(0, 300))
def test_a_file_that_was_read_changes_nothing_again(
    made: list[Receipt], table: dict[str, list[str]], dated: int, later: int
) -> None:
    book = ConsentBook(made)
    configure(book, table, dated, 150)
    kept = len(book.receipts)
    standing = book.standing(at(150))
    configure(book, table, dated, 150)
    assert len(book.receipts) == kept
    assert book.standing(at(150)) == standing


@given(tables, st.integers(0, 300))
def test_what_leaves_the_file_is_withdrawn(table: dict[str, list[str]], dated: int) -> None:
    book = ConsentBook([receipt(True, ("adapt",), 10, sensor="body")])
    configure(book, table, dated, 150)
    configure(book, {}, dated + 1, 150)
    assert book.standing(at(150)) == {"body": ("adapt",)}


def test_a_withdrawal_survives_every_later_start_with_a_file_of_the_future() -> None:
    book = ConsentBook()
    configure(book, {"eeg": ["adapt"]}, 1000, 10)
    assert book.standing(at(10)) == {"eeg": ("adapt",)}
    book.add(receipt(False, PURPOSES, 20))
    configure(book, {"eeg": ["adapt"]}, 1000, 30)
    assert book.standing(at(30)) == {}
    assert book.withdrawn(at(30)) == ["eeg"]
