"""When the publisher has something to do: cheap to ask, and right again after a restart."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sopkit.academy import Academy
from sopkit.marks import Marks
from sopkit.store import Store

LOOKED = "gradebook.looked"
"""The file in the academy's folder that says what the last look saw."""

LOOK_AGAIN = 60.0
"""Seconds after which what could not be settled yet, and a gradebook that is no file, are looked at again."""


def waits(academy: Academy, store: Store, patience: float = LOOK_AGAIN) -> bool:
    """Return whether there is something for `publish` to do: hand-ins, marks, or a gradebook that somebody else changed.

    Cheap enough to ask every few seconds.

    Args:
        patience: seconds after the last look during which it is not repeated for what that could not settle or see.
    """
    if store.unpublished():
        return True
    try:
        last = json.loads((academy.folder / LOOKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = {"changed": None, "marks": [], "at": 0.0, "settled": True}
    marks, changed = Marks(store).unpublished(), _changed(academy)
    if changed != last["changed"] or set(marks) - set(last["marks"]):
        return True
    return (bool(marks) or not last["settled"] or not _file(academy)) and abs(time.time() - last["at"]) >= patience


def seen(academy: Academy, store: Store) -> dict[str, Any]:
    """Return what a look at the gradebook that begins now will have seen."""
    return {"changed": _changed(academy), "marks": Marks(store).unpublished(), "at": time.time()}


def note(academy: Academy, look: dict[str, Any], settled: bool) -> None:
    """Remember a look that is done, and whether it settled everything."""
    new = academy.folder / "gradebook.looked.new"
    new.write_text(json.dumps(look | {"settled": settled}), encoding="utf-8")
    new.replace(academy.folder / LOOKED)


def _file(academy: Academy) -> Path | None:
    """Return the gradebook's file, or None where it is a database server's."""
    url = sa.make_url(academy.gradebook_url)
    return Path(url.database) if url.drivername.startswith("sqlite") and url.database else None


def _changed(academy: Academy) -> int | None:
    file = _file(academy)
    return file.stat().st_mtime_ns if file is not None and file.exists() else None
