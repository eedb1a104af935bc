"""Coaches' marks on writing: the queue, locks while marking, readings. Marks are only ever added.

A writing is an attempt at an exercise that a coach marks. Its first reading goes to the learner and, as a score, to the
gradebook. A planned share gets a second reading, unseen by the first coach and by the learner, to measure agreement; where
the two differ, a final reading settles it and counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from sopkit.errors import Refusal
from sopkit.model import Mode, Score
from sopkit.store import Store, add_score, now, utc
from sopkit.tables import attempts, locks, marks, people

LOCK = timedelta(minutes=20)
"""How long a writing is kept for the coach who opened it, unless that coach marks it or gives it back."""

SECOND_SHARE = 0.2
"""The share of writings that two coaches read (domain: two raters on a fifth or more)."""

FORMGRADER = "formgrader"
"""The grader's name for marks made in nbgrader's own pages."""

Reading = Literal["first", "second", "final"]
Decision = Literal["accept", "discuss", "again"]


@dataclass(frozen=True)
class Mark:
    """One reading of one writing by one coach. `marks` are 0/1/2 by criterion; `suggested` what the hints had said."""

    attempt: int
    grader: str
    reading: Reading
    marks: Mapping[str, int]
    decision: Decision = "accept"
    strength: str = ""
    step: str = ""
    suggested: Mapping[str, int] = field(default_factory=dict)
    points: float | None = None  # the gradebook's points, for a mark that came without criteria
    seconds: int = 0
    id: int = 0
    at: datetime | None = None
    published: datetime | None = None
    coach: str = ""  # the grader's name, as it is read

    @property
    def total(self) -> float:
        """The points it gives."""
        return float(sum(self.marks.values())) if self.points is None else self.points


@dataclass(frozen=True)
class Writing:
    """One writing of a learner, with all readings of it, oldest first."""

    attempt: int
    person: str
    name: str
    session: str
    ref: str
    mode: Mode
    number: int
    response: dict[str, Any]
    version: str
    at: datetime
    readings: tuple[Mark, ...] = ()

    @property
    def first(self) -> Mark | None:
        """The reading that the learner sees: the final one where there is one, else the newest first reading."""
        told = [mark for mark in self.readings if mark.reading == "final"] or [mark for mark in self.readings if mark.reading == "first"]
        return told[-1] if told else None

    @property
    def second(self) -> Mark | None:
        """The unseen second reading, if there is one."""
        return next((mark for mark in reversed(self.readings) if mark.reading == "second"), None)

    @property
    def wants_second(self) -> bool:
        """Whether it belongs to the share that two coaches read. It depends on the writing only, so nobody can choose."""
        return int(hashlib.sha256(f"second reading {self.attempt}".encode()).hexdigest()[:8], 16) < SECOND_SHARE * 16**8

    def place(self, coach: str) -> str:
        """Return a sort key that puts writings in an order of their own for each coach, always the same one."""
        return hashlib.sha256(f"{coach} {self.attempt}".encode()).hexdigest()


class Marks:
    """What coaches do to writings, kept in the academy's store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def writings(
        self, refs: Collection[str], session: str | None = None, person: str | None = None, attempt: int | None = None
    ) -> list[Writing]:
        """Return the writings of some exercises, oldest first, each with its readings."""
        query = sa.select(attempts, people.c.name).join(people, people.c.id == attempts.c.person).where(attempts.c.ref.in_(refs))
        for column, wanted in ((attempts.c.session, session), (attempts.c.person, person), (attempts.c.id, attempt)):
            if wanted is not None:
                query = query.where(column == wanted)
        with self.store.read() as db:
            found = db.execute(query.order_by(attempts.c.id)).all()
            read = self._readings(db, [row.id for row in found])
        return [
            Writing(
                row.id, row.person, row.name, row.session, row.ref, Mode(row.mode), row.number, json.loads(row.response), row.version,
                utc(row.at), tuple(read.get(row.id, ())),
            )
            for row in found
        ]  # fmt: skip

    def _readings(self, db: sa.Connection, ids: list[int]) -> dict[int, list[Mark]]:
        found: dict[int, list[Mark]] = {}
        for start in range(0, len(ids), 500):  # SQLite takes a limited number of values in one question
            query = sa.select(marks, people.c.name).outerjoin(people, people.c.id == marks.c.grader)
            for row in db.execute(query.where(marks.c.attempt.in_(ids[start : start + 500])).order_by(marks.c.id)):
                found.setdefault(row.attempt, []).append(_mark(row))
        return found

    def lock(self, attempt: int, coach: str, reading: Reading) -> datetime:
        """Keep a writing for `coach`, and return until when. The coach who has it keeps it longer.

        Raises:
            Refusal: code "locked", when another coach has it; "read", when that reading has been made meanwhile.
        """
        at = now()
        until = at + LOCK
        with self.store.write() as db:
            self._hold(db, attempt)
            if reading != "final" and self._made(db, attempt, reading, coach):
                raise Refusal("read", "Another coach has marked this one meanwhile.")
            where = [locks.c.attempt == attempt, locks.c.reading == reading]
            held = db.execute(sa.select(locks).where(*where)).first()
            if held is None:
                db.execute(locks.insert().values(attempt=attempt, reading=reading, coach=coach, until=until))
            elif held.coach == coach or held.until <= at:
                db.execute(locks.update().where(*where).values(coach=coach, until=until))
            else:
                raise Refusal("locked", "Another coach has this one open now.", until=utc(held.until).isoformat())
        return utc(until)

    def release(self, attempt: int, coach: str, reading: Reading) -> None:
        """Give a writing back unmarked."""
        with self.store.write() as db:
            db.execute(locks.delete().where(locks.c.attempt == attempt, locks.c.reading == reading, locks.c.coach == coach))

    def release_all(self, coach: str) -> None:
        """Give back all that a coach has open: the coach has left."""
        with self.store.write() as db:
            db.execute(locks.delete().where(locks.c.coach == coach))

    def locked(self) -> dict[tuple[int, str], str]:
        """Return who has which writing open now, by (attempt, reading)."""
        with self.store.read() as db:
            return {(row.attempt, row.reading): row.coach for row in db.execute(sa.select(locks).where(locks.c.until > now()))}

    def add(self, mark: Mark, out_of: float) -> int:
        """Add a reading and return its id. A first or final reading is a score too, the one that counts.

        A score stays between 0 and `out_of`, also where somebody typed other points into the gradebook.

        Raises:
            Refusal: code "locked", when another coach holds it now; "read", when the reading has been made already.
        """
        at = now()
        with self.store.write() as db:
            self._hold(db, mark.attempt)
            if mark.grader != FORMGRADER:
                if mark.reading != "final" and self._made(db, mark.attempt, mark.reading, mark.grader):
                    raise Refusal("read", "Another coach has marked this one meanwhile. Your marks were not needed.")
                where = [locks.c.attempt == mark.attempt, locks.c.reading == mark.reading]
                held = db.execute(sa.select(locks).where(*where)).first()
                if held is not None and held.coach != mark.grader and held.until > at:
                    raise Refusal("locked", "Another coach has this one open now.")
                db.execute(locks.delete().where(*where))
            values: dict[str, Any] = {"attempt": mark.attempt, "grader": mark.grader, "reading": mark.reading, "data": _data(mark)}
            values |= {"seconds": mark.seconds, "at": at, "published": mark.published and mark.published.replace(tzinfo=None)}
            added = db.execute(marks.insert().values(values)).inserted_primary_key
            assert added is not None
            if mark.reading != "second":
                parts = {name: str(given) for name, given in mark.marks.items()} or {"": "marked"}
                add_score(db, mark.attempt, Score(min(max(mark.total, 0.0), out_of), out_of, parts, mark.grader), at)
            return int(added[0])

    def published(self, ids: Iterable[int]) -> None:
        """Note that nbgrader's gradebook has these marks."""
        with self.store.write() as db:
            db.execute(marks.update().where(marks.c.id.in_(list(ids))).values(published=now()))

    def unpublished(self) -> list[int]:
        """Return the marks that the gradebook does not have, by id. Second readings never go there."""
        where = [marks.c.published.is_(None), marks.c.reading != "second"]
        with self.store.read() as db:
            return list(db.execute(sa.select(marks.c.id).where(*where).order_by(marks.c.id)).scalars())

    def _hold(self, db: sa.Connection, attempt: int) -> None:
        """On PostgreSQL others write meanwhile: one at a time for each writing. (SQLite takes one writer anyway.)"""
        db.execute(sa.select(attempts.c.id).where(attempts.c.id == attempt).with_for_update(key_share=True))

    def _made(self, db: sa.Connection, attempt: int, reading: Reading, coach: str) -> bool:
        """Return whether another coach has made a reading. One's own may be made again, to mend it."""
        where = [marks.c.attempt == attempt, marks.c.reading == reading, marks.c.grader.not_in([FORMGRADER, coach])]
        return db.execute(sa.select(marks.c.id).where(*where).limit(1)).first() is not None


def newest(writings: Iterable[Writing]) -> list[Writing]:
    """Return, of each learner's writings in a session and exercise, the newest: earlier ones need no marks any more."""
    found = {(writing.person, writing.session, writing.ref): writing for writing in writings}
    return sorted(found.values(), key=lambda writing: writing.attempt)


def _data(mark: Mark) -> str:
    kept = {"marks": dict(mark.marks), "suggested": dict(mark.suggested), "decision": mark.decision, "points": mark.points}
    return json.dumps(kept | {"strength": mark.strength, "step": mark.step})


def _mark(row: Any) -> Mark:
    data = json.loads(row.data)
    published = utc(row.published) if row.published else None
    return Mark(
        attempt=row.attempt,
        grader=row.grader,
        reading=row.reading,
        seconds=row.seconds,
        id=row.id,
        at=utc(row.at),
        published=published,
        coach=row.name or "",
        **data,
    )
