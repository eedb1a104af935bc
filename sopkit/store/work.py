"""What people did: drafts, attempts with their scores, hand-ins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from sopkit.errors import Refusal
from sopkit.model import Attempt, Mode, Score
from sopkit.store.database import Database, now, utc
from sopkit.tables import attempts, drafts, handins, people, scores


@dataclass(frozen=True)
class Graded:
    """One attempt about to be added: the item ("" for the whole exercise), the raw response, its score."""

    item: str
    response: dict[str, Any]
    score: Score


@dataclass(frozen=True)
class HandIn:
    """A lesson handed in: the responses in force then, by ref, and whether the gradebook has them."""

    id: int
    person: str
    session: str
    lesson: str
    mode: Mode
    responses: dict[str, Any]
    at: datetime
    published: datetime | None
    fault: str | None


class Work(Database):
    """What the store remembers of people's work."""

    # ---- drafts ----

    def draft(self, person: str, session: str, ref: str) -> tuple[int, Any]:
        """Return (revision, data) of what a person left unfinished; (0, None) when there is nothing."""
        with self.read() as db:
            row = db.execute(sa.select(drafts.c.revision, drafts.c.data).where(*_same(drafts, person, session, ref))).first()
        return (row.revision, json.loads(row.data)) if row else (0, None)

    def draft_refs(self, person: str, session: str) -> set[str]:
        """Return the exercises in which a person has a draft."""
        where = [drafts.c.person == person, drafts.c.session == session]
        with self.read() as db:
            return set(db.execute(sa.select(drafts.c.ref).where(*where)).scalars())

    def save_draft(self, person: str, session: str, ref: str, revision: int, data: Any) -> int:
        """Keep a draft made on top of `revision`; return the new revision.

        Raises:
            Refusal: code "stale", with the newer `draft` and its `revision`, when another page saved meanwhile.
        """
        values = {"data": json.dumps(data), "at": now()}
        try:
            with self.write() as db:
                if revision == 0:
                    db.execute(drafts.insert().values(person=person, session=session, ref=ref, revision=1, **values))
                    return 1
                where = [*_same(drafts, person, session, ref), drafts.c.revision == revision]
                if db.execute(drafts.update().where(*where).values(revision=revision + 1, **values)).rowcount:
                    return revision + 1
        except IntegrityError:
            pass
        newest, draft = self.draft(person, session, ref)
        raise Refusal("stale", "You changed this on another tab or device. Choose which work to keep.", revision=newest, draft=draft)

    # ---- attempts and scores ----

    def add(
        self, person: str, session: str, ref: str, mode: Mode, version: str, key: str, graded: Iterable[Graded], *, again: bool = False
    ) -> None:
        """Add attempts with their scores, all or none. The same `key` again adds nothing.

        Args:
            again: a coach asked for another try, so that the mode's one attempt is no bar.

        Raises:
            Refusal: code "answered", when the mode takes one attempt and there is one.
        """
        at = now()
        with self.write() as db:
            # PostgreSQL lets others write meanwhile: one at a time for each person. (SQLite takes one writer anyway.)
            db.execute(sa.select(people.c.id).where(people.c.id == person).with_for_update(key_share=True))
            for one in graded:
                same = [*_same(attempts, person, session, ref), attempts.c.item == one.item]
                if db.execute(sa.select(attempts.c.id).where(*same, attempts.c.key == key)).first():
                    continue
                tries = db.execute(sa.select(sa.func.count()).select_from(attempts).where(*same, attempts.c.mode == str(mode))).scalar_one()
                if tries and mode.once and not again:
                    raise Refusal("answered", "You have already answered this one. Your first answer is kept.")
                values = {"item": one.item, "mode": str(mode), "number": tries + 1, "key": key, "version": version, "at": at}
                values |= {"person": person, "session": session, "ref": ref, "response": json.dumps(one.response)}
                added = db.execute(attempts.insert().values(values)).inserted_primary_key
                assert added is not None
                add_score(db, added[0], one.score, at)

    def add_score(self, attempt: int, score: Score) -> None:
        """Add another score to an attempt: a coach's mark, or a regrade."""
        with self.write() as db:
            add_score(db, attempt, score, now())

    def attempts(self, person: str, session: str, lesson: str | None = None, ref: str | None = None) -> list[Attempt]:
        """Return a person's attempts in a session, oldest first, each with the score that counts.

        The latest score counts, and a person's mark beats the machine's.
        """
        where = [attempts.c.person == person, attempts.c.session == session]
        if lesson is not None:
            where.append(attempts.c.ref.startswith(lesson + "/", autoescape=True))
        if ref is not None:
            where.append(attempts.c.ref == ref)
        query = (
            sa.select(attempts, scores.c.points, scores.c.out_of, scores.c.parts, scores.c.grader)
            .join(scores, scores.c.attempt == attempts.c.id)
            .where(*where)
            .order_by(attempts.c.id, sa.case((scores.c.grader == "", 0), else_=1), scores.c.id)
        )
        found: dict[int, Attempt] = {}
        with self.read() as db:
            for row in db.execute(query):
                score = Score(row.points, row.out_of, json.loads(row.parts), row.grader)
                found[row.id] = Attempt(
                    row.id, row.ref, row.item, json.loads(row.response), row.version, Mode(row.mode), row.number, utc(row.at), score
                )  # fmt: skip
        return list(found.values())

    # ---- handing in ----

    def hand_in(self, person: str, session: str, lesson: str, responses: Mapping[str, Any], mode: Mode = Mode.PRACTICE) -> HandIn:
        """Put a lesson in the queue for the gradebook, with the responses in force now."""
        values = {
            "person": person,
            "session": session,
            "lesson": lesson,
            "mode": str(mode),
            "responses": json.dumps(dict(responses)),
            "at": now(),
        }
        with self.write() as db:
            added = db.execute(handins.insert().values(values)).inserted_primary_key
            assert added is not None
            row = db.execute(sa.select(handins).where(handins.c.id == added[0])).one()
        return _hand_in(row)

    def erase(self, person: str, session: str, ref: str, item: str, blank: dict[str, Any]) -> None:
        """Take the words out of what a person did in one exercise: attempts at `item` become blank, the draft goes, hand-ins lose it."""
        lesson, name = ref.split("/")
        with self.write() as db:
            same = [*_same(attempts, person, session, ref), attempts.c.item == item]
            db.execute(attempts.update().where(*same).values(response=json.dumps(blank)))
            db.execute(drafts.delete().where(*_same(drafts, person, session, ref)))
            where = [handins.c.person == person, handins.c.session == session, handins.c.lesson == lesson]
            for row in db.execute(sa.select(handins.c.id, handins.c.responses).where(*where)).all():
                left = {other: raw for other, raw in json.loads(row.responses).items() if other != name}
                db.execute(handins.update().where(handins.c.id == row.id).values(responses=json.dumps(left)))

    def last_hand_in(self, person: str, session: str, lesson: str, mode: Mode | None = None) -> HandIn | None:
        """Return the newest hand-in of a lesson (in one mode), or None."""
        where = [handins.c.person == person, handins.c.session == session, handins.c.lesson == lesson]
        if mode is not None:
            where.append(handins.c.mode == str(mode))
        with self.read() as db:
            row = db.execute(sa.select(handins).where(*where).order_by(handins.c.id.desc()).limit(1)).first()
        return _hand_in(row) if row else None

    def checked(self, person: str, lesson: str) -> bool:
        """Return whether a person has handed in a lesson as a check, a pre-test or a post-test."""
        where = [handins.c.person == person, handins.c.lesson == lesson, handins.c.mode != str(Mode.PRACTICE)]
        with self.read() as db:
            return db.execute(sa.select(handins.c.id).where(*where).limit(1)).first() is not None

    def unpublished(self) -> list[HandIn]:
        """Return the hand-ins that the gradebook does not have, oldest first."""
        with self.read() as db:
            return [_hand_in(row) for row in db.execute(sa.select(handins).where(handins.c.published.is_(None)).order_by(handins.c.id))]

    def published(self, hand_in: int, fault: str | None = None) -> None:
        """Note that the gradebook has a hand-in, or, with `fault`, why it could not take it yet."""
        values: dict[str, Any] = {"fault": fault} if fault else {"published": now(), "fault": None}
        with self.write() as db:
            db.execute(handins.update().where(handins.c.id == hand_in).values(values))


def add_score(db: sa.Connection, attempt: int, score: Score, at: datetime) -> None:
    """Add a score within a transaction."""
    values = {"points": score.points, "out_of": score.out_of, "parts": json.dumps(score.parts), "grader": score.grader}
    db.execute(scores.insert().values(attempt=attempt, at=at, **values))


def _same(table: sa.Table, person: str, session: str, ref: str) -> list[sa.ColumnElement[bool]]:
    return [table.c.person == person, table.c.session == session, table.c.ref == ref]


def _hand_in(row: Any) -> HandIn:
    published = utc(row.published) if row.published else None
    return HandIn(row.id, row.person, row.session, row.lesson, Mode(row.mode), json.loads(row.responses), utc(row.at), published, row.fault)
