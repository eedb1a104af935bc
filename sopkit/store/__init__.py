"""People, sessions, attempts, scores: what a running academy remembers.

Attempts and scores are only ever added. Times are UTC.
"""

from __future__ import annotations

from sopkit.store.database import Database, now, utc
from sopkit.store.people import People, join_code, with_lesson
from sopkit.store.work import Graded, HandIn, Work, add_score


class Store(People, Work):
    """The academy's memory.

    >>> from sopkit.model import Person
    >>> store = Store("sqlite://")
    >>> store.add_people([Person("a1", "Ana P.")])
    >>> store.person("a1").name
    'Ana P.'
    """


__all__ = ["Database", "Graded", "HandIn", "Store", "add_score", "join_code", "now", "utc", "with_lesson"]
