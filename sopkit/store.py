"""People, sessions, attempts, scores: what a running academy remembers. SQLite in WAL mode, or PostgreSQL by URL.

Attempts and scores are only ever added. Times are UTC.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from sopkit.errors import Refusal, StoreError
from sopkit.model import OWN_PRACTICE, Attempt, Mode, Person, Role, Score, Session, Setting
from sopkit.tables import SCHEMA, attempts, claims, drafts, handins, members, meta, people, schema, scores, sessions, settings


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


class Store:
    """The academy's memory.

    >>> store = Store("sqlite://")
    >>> store.add_people([Person("a1", "Ana P.")])
    >>> store.person("a1").name
    'Ana P.'
    """

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {"poolclass": sa.StaticPool} if url in ("sqlite://", "sqlite:///:memory:") else {}
        try:
            self.url = sa.make_url(url).render_as_string(hide_password=True)
            self.engine = sa.create_engine(url, **options)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise StoreError(url.partition(":")[0], "This is not the address of a database that can be used here") from error
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _sqlite_connect)
            sa.event.listen(self.engine, "begin", _sqlite_begin)
        try:
            with self._write() as db:
                meta.create_all(db)
                found = db.execute(sa.select(schema.c.version)).scalar()
                if found is None:
                    db.execute(schema.insert().values(version=SCHEMA))
                elif found != SCHEMA:
                    raise StoreError(
                        self.url,
                        f"The store has schema {found}, this program needs {SCHEMA}. Use the program that made it, or another data folder (SOPKIT_ACADEMY)",
                    )
        except SQLAlchemyError as error:
            raise StoreError(self.url, f"The store cannot be opened: {type(error).__name__}") from error

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with self.engine.connect().execution_options(writes=True) as db, db.begin():
            yield db

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with self.engine.connect() as db:
            yield db

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    # ---- people ----

    def add_people(self, new: Iterable[Person]) -> None:
        """Add people, or give those already there their new name and role."""
        with self._write() as db:
            for person in new:
                values = {"name": person.name, "role": str(person.role)}
                if not db.execute(people.update().where(people.c.id == person.id).values(values)).rowcount:
                    db.execute(people.insert().values(id=person.id, **values))

    def person(self, person: str) -> Person | None:
        """Return the person with this id, or None."""
        with self._read() as db:
            row = db.execute(sa.select(people).where(people.c.id == person)).first()
        return Person(row.id, row.name, Role(row.role)) if row else None

    def staff(self) -> list[Person]:
        """Return trainers and coaches."""
        with self._read() as db:
            rows = db.execute(sa.select(people).where(people.c.role != str(Role.TRAINEE)).order_by(people.c.name))
            return [Person(row.id, row.name, Role(row.role)) for row in rows]

    def set_passphrase(self, person: str, hashed: str) -> None:
        """Keep the argon2 hash of a trainer's or coach's passphrase."""
        with self._write() as db:
            db.execute(people.update().where(people.c.id == person).values(passphrase=hashed))

    def passphrase(self, person: str) -> str | None:
        """Return the kept hash, or None."""
        with self._read() as db:
            return db.execute(sa.select(people.c.passphrase).where(people.c.id == person)).scalar()

    # ---- sessions ----

    def put_session(self, session: Session) -> None:
        """Add or replace a session and its lesson settings. Its members stay."""
        values = {
            "title": session.title,
            "code": session.code,
            "profile": session.profile,
            "walk_ins": session.walk_ins,
            "open": session.open,
        }
        with self._write() as db:
            if not db.execute(sessions.update().where(sessions.c.id == session.id).values(values)).rowcount:
                db.execute(sessions.insert().values(id=session.id, **values))
            db.execute(settings.delete().where(settings.c.session == session.id))
            for lesson, setting in session.lessons.items():
                db.execute(
                    settings.insert().values(
                        session=session.id, lesson=lesson, mode=str(setting.mode), open=setting.open, revealed=setting.revealed
                    )
                )

    def sessions(self) -> list[Session]:
        """Return the classes, by title: all sessions but people's own practice in JupyterLab."""
        with self._read() as db:
            rows = db.execute(sa.select(sessions).where(sessions.c.id != OWN_PRACTICE).order_by(sessions.c.title)).all()
            return [self._session(db, row) for row in rows]

    def session(self, session: str) -> Session | None:
        """Return the session with this id, or None."""
        with self._read() as db:
            row = db.execute(sa.select(sessions).where(sessions.c.id == session)).first()
            return self._session(db, row) if row else None

    def session_by_code(self, code: str) -> Session | None:
        """Return the open session with this join code; letter case, spaces and hyphens do not matter."""
        wanted = join_code(code)
        return next((s for s in self.sessions() if s.open and join_code(s.code) == wanted), None)

    def _session(self, db: sa.Connection, row: Any) -> Session:
        lessons = {
            r.lesson: Setting(Mode(r.mode), r.open, r.revealed)
            for r in db.execute(sa.select(settings).where(settings.c.session == row.id).order_by(settings.c.lesson))
        }
        return Session(row.id, row.title, row.code, row.profile, row.walk_ins, row.open, lessons)

    def enrol(self, session: str, ids: Iterable[str]) -> None:
        """Make people members of a session; those who are already stay so."""
        with self._write() as db:
            there = set(db.execute(sa.select(members.c.person).where(members.c.session == session)).scalars())
            for person in dict.fromkeys(ids):
                if person not in there:
                    db.execute(members.insert().values(session=session, person=person))

    def roster(self, session: str) -> list[Person]:
        """Return the members of a session, by name."""
        query = sa.select(people).join(members, members.c.person == people.c.id).where(members.c.session == session)
        with self._read() as db:
            return [Person(row.id, row.name, Role(row.role)) for row in db.execute(query.order_by(people.c.name, people.c.id))]

    # ---- who holds which kernel ----

    def claim(self, kernel: str, person: str, session: str | None) -> None:
        """Bind a kernel to the person whose page it serves. A kernel is bound once and never passes on."""
        try:
            with self._write() as db:
                db.execute(claims.insert().values(kernel=kernel, person=person, session=session, at=_now()))
        except IntegrityError as error:
            raise Refusal("claimed", "This page already belongs to somebody.") from error

    def claimed(self, kernel: str) -> tuple[Person, Session | None] | None:
        """Return who holds `kernel` and in which session, or None."""
        with self._read() as db:
            row = db.execute(sa.select(claims).where(claims.c.kernel == kernel)).first()
        person = row and self.person(row.person)
        if not row or not person:
            return None
        return person, (self.session(row.session) if row.session else None)

    # ---- drafts ----

    def draft(self, person: str, session: str, ref: str) -> tuple[int, Any]:
        """Return (revision, data) of what a person left unfinished; (0, None) when there is nothing."""
        with self._read() as db:
            row = db.execute(sa.select(drafts.c.revision, drafts.c.data).where(*_same(drafts, person, session, ref))).first()
        return (row.revision, json.loads(row.data)) if row else (0, None)

    def draft_refs(self, person: str, session: str) -> set[str]:
        """Return the exercises in which a person has a draft."""
        where = [drafts.c.person == person, drafts.c.session == session]
        with self._read() as db:
            return set(db.execute(sa.select(drafts.c.ref).where(*where)).scalars())

    def save_draft(self, person: str, session: str, ref: str, revision: int, data: Any) -> int:
        """Keep a draft made on top of `revision`; return the new revision.

        Raises:
            Refusal: code "stale", with the newer `draft` and its `revision`, when another page saved meanwhile.
        """
        values = {"data": json.dumps(data), "at": _now()}
        try:
            with self._write() as db:
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

    def add(self, person: str, session: str, ref: str, mode: Mode, version: str, key: str, graded: Iterable[Graded]) -> None:
        """Add attempts with their scores, all or none. The same `key` again adds nothing.

        Raises:
            Refusal: code "answered", when the mode takes one attempt and there is one.
        """
        now = _now()
        with self._write() as db:
            # PostgreSQL lets others write meanwhile: one at a time for each person. (SQLite takes one writer anyway.)
            db.execute(sa.select(people.c.id).where(people.c.id == person).with_for_update(key_share=True))
            for one in graded:
                same = [*_same(attempts, person, session, ref), attempts.c.item == one.item]
                if db.execute(sa.select(attempts.c.id).where(*same, attempts.c.key == key)).first():
                    continue
                tries = db.execute(sa.select(sa.func.count()).select_from(attempts).where(*same, attempts.c.mode == str(mode))).scalar_one()
                if tries and mode.once:
                    raise Refusal("answered", "You have already answered this one. Your first answer is kept.")
                values = {"item": one.item, "mode": str(mode), "number": tries + 1, "key": key, "version": version, "at": now}
                values |= {"person": person, "session": session, "ref": ref, "response": json.dumps(one.response)}
                added = db.execute(attempts.insert().values(values)).inserted_primary_key
                assert added is not None
                self._add_score(db, added[0], one.score, now)

    def add_score(self, attempt: int, score: Score) -> None:
        """Add another score to an attempt: a coach's mark, or a regrade."""
        with self._write() as db:
            self._add_score(db, attempt, score, _now())

    def _add_score(self, db: sa.Connection, attempt: int, score: Score, at: datetime) -> None:
        values = {"points": score.points, "out_of": score.out_of, "parts": json.dumps(score.parts), "grader": score.grader}
        db.execute(scores.insert().values(attempt=attempt, at=at, **values))

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
        with self._read() as db:
            for row in db.execute(query):
                score = Score(row.points, row.out_of, json.loads(row.parts), row.grader)
                found[row.id] = Attempt(
                    row.id, row.ref, row.item, json.loads(row.response), row.version, Mode(row.mode), row.number, _utc(row.at), score
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
            "at": _now(),
        }
        with self._write() as db:
            added = db.execute(handins.insert().values(values)).inserted_primary_key
            assert added is not None
            row = db.execute(sa.select(handins).where(handins.c.id == added[0])).one()
        return _hand_in(row)

    def last_hand_in(self, person: str, session: str, lesson: str) -> HandIn | None:
        """Return the newest hand-in of a lesson, or None."""
        where = [handins.c.person == person, handins.c.session == session, handins.c.lesson == lesson]
        with self._read() as db:
            row = db.execute(sa.select(handins).where(*where).order_by(handins.c.id.desc()).limit(1)).first()
        return _hand_in(row) if row else None

    def checked(self, person: str, lesson: str) -> bool:
        """Return whether a person has handed in a lesson as a check, a pre-test or a post-test."""
        where = [handins.c.person == person, handins.c.lesson == lesson, handins.c.mode != str(Mode.PRACTICE)]
        with self._read() as db:
            return db.execute(sa.select(handins.c.id).where(*where).limit(1)).first() is not None

    def unpublished(self) -> list[HandIn]:
        """Return the hand-ins that the gradebook does not have, oldest first."""
        with self._read() as db:
            return [_hand_in(row) for row in db.execute(sa.select(handins).where(handins.c.published.is_(None)).order_by(handins.c.id))]

    def published(self, hand_in: int, fault: str | None = None) -> None:
        """Note that the gradebook has a hand-in, or, with `fault`, why it could not take it yet."""
        values: dict[str, Any] = {"fault": fault} if fault else {"published": _now(), "fault": None}
        with self._write() as db:
            db.execute(handins.update().where(handins.c.id == hand_in).values(values))


def join_code(text: str) -> str:
    """Return a join code as it is compared: letters and digits, upper case.

    >>> join_code(" maple-42 ")
    'MAPLE42'
    """
    return "".join(c for c in text.upper() if c.isalnum())


def with_lesson(session: Session, lesson: str, setting: Setting) -> Session:
    """Return `session` with one lesson set."""
    return replace(session, lessons={**session.lessons, lesson: setting})


def _same(table: sa.Table, person: str, session: str, ref: str) -> list[sa.ColumnElement[bool]]:
    return [table.c.person == person, table.c.session == session, table.c.ref == ref]


def _hand_in(row: Any) -> HandIn:
    published = _utc(row.published) if row.published else None
    return HandIn(
        row.id, row.person, row.session, row.lesson, Mode(row.mode), json.loads(row.responses), _utc(row.at), published, row.fault
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("busy_timeout=15000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for tries in range(100):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:  # another program is making the same new store: here SQLite does not wait
            if tries == 99:
                raise
            time.sleep(0.05)


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
