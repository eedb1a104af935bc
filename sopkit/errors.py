"""What can go wrong, as a small tree. Every error keeps its data, so that a caller can say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SopkitError(Exception):
    """The root. Its text is written for the person at the screen."""


@dataclass(frozen=True)
class Problem:
    """One fault in one place: what was found there, and what was expected."""

    file: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: found {self.found}; expected {self.expected}"


class ContentError(SopkitError):
    """A course, a roster or another file that people write cannot be used; `problems` has every fault at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'' if count == 1 else 's'} found:\n{lines}")


class ResponseError(SopkitError):
    """A response that does not have the form its exercise asks for. It is said, never scored as wrong."""

    def __init__(self, exercise: str, problems: Sequence[str]) -> None:
        self.exercise = exercise
        self.problems = tuple(problems)
        super().__init__(f"{exercise}: {'; '.join(self.problems)}")


class StoreError(SopkitError):
    """The store cannot do what was asked. `url` never shows a password."""

    def __init__(self, url: str, message: str) -> None:
        self.url = url
        super().__init__(f"{message} ({url})")


class CourseError(SopkitError):
    """A course or academy folder is not where it was looked for."""

    def __init__(self, path: object, message: str) -> None:
        self.path = path
        super().__init__(f"{message}: {path}")


class Refusal(SopkitError):
    """A request that is understood and not granted now: closed, stale, changed. `code` is for the player."""

    def __init__(self, code: str, message: str, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(message)
