"""The academy's data folder: everything a running academy writes, in one place to back up."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from sopkit import content
from sopkit.store import Store

FOLDER = "academy"
RELEASED = "released"


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

    @property
    def published(self) -> Path:
        """The course that people see: what was last released, or the course itself where nothing was."""
        released = self.folder / RELEASED
        return released if (released / "course" / "course.yml").is_file() else self.root

    def publish_course(self) -> None:
        """Put a copy of the course, keys and all, where pages read it: unreleased edits must not reach a class."""
        new, old = self.folder / "released.new", self.folder / "released.old"
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("course", content.SOURCE, content.RELEASE):
            shutil.copytree(self.root / name, new / name, ignore=shutil.ignore_patterns(".*"))
        if (self.folder / RELEASED).exists():
            (self.folder / RELEASED).rename(old)
        new.rename(self.folder / RELEASED)
        shutil.rmtree(old, ignore_errors=True)

    def store(self) -> Store:
        """Open the store, making the folder if need be."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Store(self.store_url)

    def secret(self) -> bytes:
        """Return the key that signs cookies; made once, so that sign-ins survive a restart."""
        path = self.folder / "cookie-secret"
        if not path.exists() or not path.stat().st_size:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()


def locate(start: Path | None = None) -> Academy:
    """Return the academy of the course at or above `start` (default: SOPKIT_COURSE, or the working folder)."""
    root = content.find_root(start or Path(os.environ.get("SOPKIT_COURSE") or Path.cwd()))
    return Academy(root, Path(os.environ.get("SOPKIT_ACADEMY") or root / FOLDER).resolve())
