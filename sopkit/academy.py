"""The academy's data folder: everything a running academy writes, in one place to back up."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sopkit import content
from sopkit.store import Store

FOLDER = "academy"


@dataclass(frozen=True)
class Academy:
    """Where the course is and where its data is kept."""

    root: Path
    folder: Path

    @property
    def store_url(self) -> str:
        """The store's address: SOPKIT_STORE, or a SQLite file in the folder."""
        return os.environ.get("SOPKIT_STORE") or f"sqlite:///{(self.folder / 'store.db').as_posix()}"

    @property
    def gradebook_url(self) -> str:
        """The address of nbgrader's gradebook: SOPKIT_GRADEBOOK, or a SQLite file in the folder."""
        return os.environ.get("SOPKIT_GRADEBOOK") or f"sqlite:///{(self.folder / 'gradebook.db').as_posix()}"

    def store(self) -> Store:
        """Open the store, making the folder if need be."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Store(self.store_url)

    def secret(self) -> bytes:
        """Return the key that signs cookies; made once, so that sign-ins survive a restart."""
        path = self.folder / "cookie-secret"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()


def locate(start: Path | None = None) -> Academy:
    """Return the academy of the course at or above `start` (default: SOPKIT_COURSE, or the working folder)."""
    root = content.find_root(start or Path(os.environ.get("SOPKIT_COURSE") or Path.cwd()))
    return Academy(root, Path(os.environ.get("SOPKIT_ACADEMY") or root / FOLDER).resolve())
