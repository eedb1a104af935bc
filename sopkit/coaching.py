"""The coaching log: what coaches keep beside marks, each as an entry that is only ever added. The newest entry of a key counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from sopkit.store import Store, now, utc
from sopkit.tables import entries

EntryKind = Literal["comment", "note", "shared-note", "minutes", "goal", "rating", "pick", "next-try", "warm-up", "seen", "erased"]


@dataclass(frozen=True)
class Entry:
    """One line of the log. `about` says whom or what it concerns: a learner, a rubric, an attempt, a session."""

    id: int
    kind: EntryKind
    by: str
    about: str
    data: dict[str, Any]
    at: datetime


class Log:
    """The coaching log in the academy's store.

    A private note is an entry of kind "note": it is only ever read by the coach who wrote it.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, kind: EntryKind, by: str, about: str, **data: Any) -> int:
        """Add an entry and return its id."""
        with self.store.write() as db:
            added = db.execute(entries.insert().values(kind=kind, by=by, about=about, data=json.dumps(data), at=now())).inserted_primary_key
            assert added is not None
            return int(added[0])

    def read(self, kind: EntryKind, *, by: str | None = None, about: str | None = None) -> list[Entry]:
        """Return the entries of a kind, oldest first."""
        query = sa.select(entries).where(entries.c.kind == kind)
        if by is not None:
            query = query.where(entries.c.by == by)
        if about is not None:
            query = query.where(entries.c.about == about)
        with self.store.read() as db:
            rows = db.execute(query.order_by(entries.c.id)).all()
        return [Entry(row.id, row.kind, row.by, row.about, json.loads(row.data), utc(row.at)) for row in rows]
