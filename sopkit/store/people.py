"""People, classes, and who holds which page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from sopkit.errors import Refusal
from sopkit.model import OWN_PRACTICE, Mode, Person, Role, Session, Setting
from sopkit.store.database import Database, now
from sopkit.tables import claims, members, people, sessions, settings


class People(Database):
    """What the store remembers of people and classes."""

    def add_people(self, new: Iterable[Person]) -> None:
        """Add people, or give those already there their new name and role."""
        with self.write() as db:
            for person in new:
                values = {"name": person.name, "role": str(person.role)}
                if not db.execute(people.update().where(people.c.id == person.id).values(values)).rowcount:
                    db.execute(people.insert().values(id=person.id, **values))

    def person(self, person: str) -> Person | None:
        """Return the person with this id, or None."""
        with self.read() as db:
            row = db.execute(sa.select(people).where(people.c.id == person)).first()
        return Person(row.id, row.name, Role(row.role)) if row else None

    def staff(self) -> list[Person]:
        """Return trainers and coaches."""
        with self.read() as db:
            rows = db.execute(sa.select(people).where(people.c.role != str(Role.TRAINEE)).order_by(people.c.name))
            return [Person(row.id, row.name, Role(row.role)) for row in rows]

    def set_passphrase(self, person: str, hashed: str) -> None:
        """Keep the argon2 hash of a trainer's or coach's passphrase."""
        with self.write() as db:
            db.execute(people.update().where(people.c.id == person).values(passphrase=hashed))

    def passphrase(self, person: str) -> str | None:
        """Return the kept hash, or None."""
        with self.read() as db:
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
        with self.write() as db:
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
        with self.read() as db:
            rows = db.execute(sa.select(sessions).where(sessions.c.id != OWN_PRACTICE).order_by(sessions.c.title)).all()
            return [self._session(db, row) for row in rows]

    def session(self, session: str) -> Session | None:
        """Return the session with this id, or None."""
        with self.read() as db:
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
        with self.write() as db:
            there = set(db.execute(sa.select(members.c.person).where(members.c.session == session)).scalars())
            for person in dict.fromkeys(ids):
                if person not in there:
                    db.execute(members.insert().values(session=session, person=person))

    def roster(self, session: str) -> list[Person]:
        """Return the members of a session, by name."""
        query = sa.select(people).join(members, members.c.person == people.c.id).where(members.c.session == session)
        with self.read() as db:
            return [Person(row.id, row.name, Role(row.role)) for row in db.execute(query.order_by(people.c.name, people.c.id))]

    # ---- who holds which kernel ----

    def claim(self, kernel: str, person: str, session: str | None) -> None:
        """Bind a kernel to the person whose page it serves. A kernel is bound once and never passes on."""
        try:
            with self.write() as db:
                db.execute(claims.insert().values(kernel=kernel, person=person, session=session, at=now()))
        except IntegrityError as error:
            raise Refusal("claimed", "This page already belongs to somebody.") from error

    def claimed(self, kernel: str) -> tuple[Person, Session | None] | None:
        """Return who holds `kernel` and in which session, or None."""
        with self.read() as db:
            row = db.execute(sa.select(claims).where(claims.c.kernel == kernel)).first()
        person = row and self.person(row.person)
        if not row or not person:
            return None
        return person, (self.session(row.session) if row.session else None)


def join_code(text: str) -> str:
    """Return a join code as it is compared: letters and digits, upper case.

    >>> join_code(" maple-42 ")
    'MAPLE42'
    """
    return "".join(c for c in text.upper() if c.isalnum())


def with_lesson(session: Session, lesson: str, setting: Setting) -> Session:
    """Return `session` with one lesson set."""
    return replace(session, lessons={**session.lessons, lesson: setting})
