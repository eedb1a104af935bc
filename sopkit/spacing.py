"""When to practise again what was mixed up: after 2 days, 2 weeks and 6 weeks.

A fixed, simple schedule does as well as a clever one (Latimier, Peyre & Ramus 2021: expanding against uniform spacing).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

WAITS = (timedelta(days=2), timedelta(days=12), timedelta(days=28))
"""How long a card rests after a mix-up, and after each time it then fits. Who comes later than that waits as long again."""


def due_at(tries: Iterable[tuple[datetime, bool]]) -> datetime | None:
    """Return when a card comes back, or None when it need not.

    Args:
        tries: (time, whether it fit) of each try, oldest first. A try that does not fit starts the schedule anew. One that
            fits counts only when the card was due: right after an explanation, fitting shows little.
    """
    since: datetime | None = None
    done = 0
    for at, fits in tries:
        if not fits:
            since, done = at, 0
        elif since is not None and at >= since + WAITS[done]:
            since, done = at, done + 1
            if done == len(WAITS):
                since = None
    return None if since is None else since + WAITS[done]
