"""Coaches' marks in the store: locks, readings, and many coaches at once. Marks are only ever added."""

from __future__ import annotations

import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import pytest
import sqlalchemy as sa
from sample import ANA, KOFI, LESSON

from sopkit import marks as module
from sopkit.errors import Refusal
from sopkit.marks import FORMGRADER, LOCK, Mark, Marks, newest
from sopkit.model import Mode, Person, Role, Score
from sopkit.store import Graded, Store
from sopkit.tables import locks
from sopkit.tables import marks as table

REF = f"{LESSON}/statement"
OUT_OF = 12.0
COACHES = [f"c{number}" for number in range(1, 9)]


@pytest.fixture
def marks(store: Store) -> Marks:
    store.add_people([Person(coach, f"Coach {coach}", Role.COACH) for coach in COACHES])
    return Marks(store)


def wrote(store: Store, words: str = "A text.", person: str = ANA.id, ref: str = REF) -> int:
    """Add a writing; return its attempt."""
    key = f"key-{words}-{person}-{ref}"[:80]
    store.add(person, "s1", ref, Mode.PRACTICE, "v1", key, [Graded("", {"boxes": {"a": words}}, Score(0.0, OUT_OF, {"": "waiting"}))])
    return max(attempt.id for attempt in store.attempts(person, "s1", ref=ref))


def mark(attempt: int, coach: str = "c1", **what: Any) -> Mark:
    return Mark(attempt, **{"grader": coach, "reading": "first", "marks": {"H1": 2, "H2": 1}} | what)


def refused(code: str, do: Any, *given: Any) -> None:
    with pytest.raises(Refusal) as caught:
        do(*given)
    assert caught.value.code == code


# ---- locks ----


def test_a_writing_is_kept_for_the_coach_who_opened_it(marks: Marks) -> None:
    attempt = wrote(marks.store)
    until = marks.lock(attempt, "c1", "first")
    assert timedelta() < until - datetime.now(UTC) <= LOCK
    assert marks.locked() == {(attempt, "first"): "c1"}
    refused("locked", marks.lock, attempt, "c2", "first")
    refused("locked", marks.add, mark(attempt, "c2"), OUT_OF)
    assert marks.lock(attempt, "c1", "first") >= until  # who has it keeps it longer
    marks.lock(attempt, "c2", "second")  # another reading is another matter
    marks.release(attempt, "c2", "first")  # and nobody gives back what another has
    assert marks.locked() == {(attempt, "first"): "c1", (attempt, "second"): "c2"}
    marks.release(attempt, "c1", "first")
    marks.lock(attempt, "c2", "first")


def test_marking_gives_the_lock_back(marks: Marks) -> None:
    attempt = wrote(marks.store)
    marks.lock(attempt, "c1", "first")
    marks.add(mark(attempt, "c1"), OUT_OF)
    assert marks.locked() == {}
    refused("read", marks.lock, attempt, "c2", "first")
    refused("read", marks.add, mark(attempt, "c2"), OUT_OF)
    marks.lock(attempt, "c2", "second")


def test_a_lock_ends_by_itself(marks: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = wrote(marks.store)
    marks.lock(attempt, "c1", "first")
    now = module.now
    monkeypatch.setattr(module, "now", lambda: now() + LOCK - timedelta(seconds=5))
    refused("locked", marks.lock, attempt, "c2", "first")
    monkeypatch.setattr(module, "now", lambda: now() + LOCK + timedelta(seconds=1))
    assert marks.locked() == {}
    marks.lock(attempt, "c2", "first")
    refused("locked", marks.add, mark(attempt, "c1"), OUT_OF)  # who was away too long has lost it
    marks.add(mark(attempt, "c2"), OUT_OF)
    with marks.store.read() as db:
        assert db.execute(sa.select(locks)).all() == []


def test_a_coach_whose_lock_ended_may_still_mark_what_nobody_took(marks: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = wrote(marks.store)
    marks.lock(attempt, "c1", "first")
    now = module.now
    monkeypatch.setattr(module, "now", lambda: now() + 2 * LOCK)
    marks.add(mark(attempt, "c1"), OUT_OF)
    assert len(read(marks, attempt)) == 1


# ---- readings ----


def read(marks: Marks, attempt: int) -> tuple[Mark, ...]:
    (writing,) = marks.writings([REF], attempt=attempt)
    return writing.readings


def test_a_reading_comes_back_as_it_was_given(marks: Marks) -> None:
    attempt = wrote(marks.store)
    given = mark(attempt, strength="You name “her”.", step="Say when.", suggested={"H1": 1}, decision="again", points=3.0, seconds=95)
    id = marks.add(given, OUT_OF)
    (found,) = read(marks, attempt)
    assert found.at and abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert replace(found, at=None) == replace(given, id=id, coach="Coach c1")
    (writing,) = marks.writings([REF], person=ANA.id)
    assert (writing.name, writing.session, writing.response, writing.number) == (ANA.name, "s1", {"boxes": {"a": "A text."}}, 1)
    assert marks.writings([REF], person=KOFI.id) == marks.writings([f"{LESSON}/other"]) == marks.writings([REF], session="s2") == []


def test_the_first_reading_counts_until_a_final_one_does(marks: Marks) -> None:
    attempt = wrote(marks.store)
    marks.add(mark(attempt, "c1"), OUT_OF)
    marks.add(mark(attempt, "c2", reading="second", marks={"H1": 0, "H2": 0}), OUT_OF)
    (writing,) = marks.writings([REF])
    assert writing.first and writing.first.grader == "c1" and writing.second and writing.second.grader == "c2"
    assert points(marks) == (3.0, "c1")  # a second reading is no score
    marks.add(mark(attempt, "c3", reading="final", marks={"H1": 2, "H2": 2}), OUT_OF)
    (writing,) = marks.writings([REF])
    assert writing.first and writing.first.grader == "c3"
    assert points(marks) == (4.0, "c3")
    refused("read", marks.add, mark(attempt, "c3", reading="second"), OUT_OF)


def points(marks: Marks, person: str = ANA.id) -> tuple[float, str]:
    score = marks.store.attempts(person, "s1", ref=REF)[-1].score
    assert score.out_of == OUT_OF
    return score.points, score.grader


@pytest.mark.parametrize(("given", "counted"), [(7.5, 7.5), (40.0, OUT_OF), (-2.0, 0.0)])
def test_formgrader_marks_come_whenever_and_stay_within_the_scale(marks: Marks, given: float, counted: float) -> None:
    attempt = wrote(marks.store)
    marks.add(mark(attempt, "c1"), OUT_OF)
    marks.lock(attempt, "c2", "second")
    for _ in range(2):
        marks.add(mark(attempt, FORMGRADER, marks={}, points=given, published=datetime.now(UTC)), OUT_OF)
    (writing,) = marks.writings([REF])
    assert writing.first and writing.first.total == given and len(writing.readings) == 3
    assert points(marks) == (counted, FORMGRADER)
    assert marks.locked() == {(attempt, "second"): "c2"}
    refused("read", marks.add, mark(attempt, "c2"), OUT_OF)


def test_a_share_of_writings_is_read_twice_and_each_coach_has_an_order(marks: Marks) -> None:
    for number in range(150):
        wrote(marks.store, f"Text {number}")
    found = marks.writings([REF])
    assert 15 <= sum(writing.wants_second for writing in found) <= 45
    assert [writing.wants_second for writing in found] == [writing.wants_second for writing in marks.writings([REF])]
    orders = [[writing.attempt for writing in sorted(found, key=lambda writing: writing.place(coach))] for coach in ("c1", "c2", "c1")]
    assert orders[0] == orders[2] != orders[1] and sorted(orders[0]) == sorted(orders[1])
    assert [writing.attempt for writing in newest(found)] == [found[-1].attempt]


def test_marks_are_only_ever_added(marks: Marks) -> None:
    attempt = wrote(marks.store)
    rows: list[Any] = []
    for given in (mark(attempt), mark(attempt, "c2", reading="second"), mark(attempt, "c3", reading="final"), mark(attempt, FORMGRADER)):
        marks.add(given, OUT_OF)
        with marks.store.read() as db:
            now = [tuple(row) for row in db.execute(sa.select(table).order_by(table.c.id))]
        assert now[:-1] == rows and len(now) == len(rows) + 1
        rows = now
    assert not [name for name in dir(Marks) if name.startswith(("delete", "remove", "update", "change"))]


def test_what_the_gradebook_lacks(marks: Marks) -> None:
    attempt, other = wrote(marks.store), wrote(marks.store, person=KOFI.id)
    first = marks.add(mark(attempt), OUT_OF)
    marks.add(mark(attempt, "c2", reading="second"), OUT_OF)
    last = marks.add(mark(other), OUT_OF)
    marks.add(mark(other, FORMGRADER, published=datetime.now(UTC)), OUT_OF)
    assert marks.unpublished() == [first, last]
    marks.published([first])
    marks.published([])
    assert marks.unpublished() == [last]
    assert read(marks, attempt)[0].published and not read(marks, attempt)[1].published


def test_a_coach_may_mend_a_reading_and_no_other_coach_may(marks: Marks) -> None:
    attempt = wrote(marks.store)
    first = marks.add(mark(attempt, step="Say when."), OUT_OF)
    marks.published([first])
    refused("read", marks.add, mark(attempt, "c2"), OUT_OF)
    again = marks.add(mark(attempt, marks={"H1": 2, "H2": 2}, step="Say when, and who."), OUT_OF)
    assert [found.step for found in read(marks, attempt)] == ["Say when.", "Say when, and who."]
    (writing,) = marks.writings([REF])
    assert writing.first and writing.first.id == again and marks.unpublished() == [again]
    assert points(marks) == (4.0, "c1")


# ---- many at once ----

MARKS = 200


def marked_by_one(url: str, worker: int, attempts: list[int]) -> dict[str, int]:
    """Mark, as one of several coaches, every writing that no other has: by its lock, or without."""
    store, coach = Store(url), COACHES[worker]
    marks, outcome = Marks(store), {"added": 0, "refused": 0}
    for attempt in attempts[worker:] + attempts[:worker]:  # each begins elsewhere, and all meet
        try:
            if attempt % 2:
                marks.lock(attempt, coach, "first")
            marks.add(mark(attempt, coach), OUT_OF)
            outcome["added"] += 1
        except Refusal as refusal:
            assert refusal.code in ("locked", "read")
            outcome["refused"] += 1
    store.close()
    return outcome


@pytest.mark.parametrize("how", ["processes", "threads"])
def test_marks_of_many_coaches_at_once_are_neither_lost_nor_doubled(marks: Marks, url: str, how: str) -> None:
    attempts = [wrote(marks.store, f"Text {number}") for number in range(MARKS)]
    jobs = [(url, worker, attempts) for worker in range(len(COACHES))]
    if how == "processes":
        with ProcessPoolExecutor(len(COACHES), mp_context=get_context("spawn")) as pool:
            done = list(pool.map(marked_by_one, *zip(*jobs, strict=True)))
    else:
        with ThreadPoolExecutor(len(COACHES)) as pool:
            done = list(pool.map(marked_by_one, *zip(*jobs, strict=True)))
    assert sum(outcome["added"] for outcome in done) == MARKS
    assert sum(outcome["refused"] for outcome in done) == MARKS * (len(COACHES) - 1)
    found = marks.writings([REF])
    assert [len(writing.readings) for writing in found] == [1] * MARKS
    assert marks.unpublished() == sorted(writing.readings[0].id for writing in found)
    scores = [attempt.score for attempt in marks.store.attempts(ANA.id, "s1", ref=REF)]
    assert [(score.points, score.grader) for score in scores] == [(3.0, writing.readings[0].grader) for writing in found]
    assert marks.locked() == {}


def test_two_coaches_who_take_one_writing_at_the_same_moment(marks: Marks, url: str) -> None:
    attempt = wrote(marks.store)
    for _ in range(10):
        gate, got = threading.Barrier(2), []

        def take(coach: str) -> None:
            gate.wait()  # noqa: B023
            try:
                marks.lock(attempt, coach, "first")
                got.append(coach)  # noqa: B023
            except Refusal as refusal:
                assert refusal.code == "locked"

        both = [threading.Thread(target=take, args=[coach]) for coach in ("c1", "c2")]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert len(got) == 1 and marks.locked() == {(attempt, "first"): got[0]}
        marks.release(attempt, got[0], "first")
