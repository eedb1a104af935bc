"""Running nbgrader's own commands in this process: its settings, its reasons, and one writer at a time."""

from __future__ import annotations

import functools
import io
import logging
import os
import re
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbgrader.api
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, GetGrades, SaveAutoGrades, SaveCells
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from sopkit.academy import Academy
from sopkit.content import RELEASE, SOURCE
from sopkit.errors import CourseError
from sopkit.gradebook.steps import ByHand, Grade, PlainComments, Release, Save

COURSE_ID = "sop"
"""The course's name in nbgrader's exchange."""

IGNORED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.yml*", ".*.yml*", "*.yaml*", ".*.yaml*"]
"""What nbgrader never copies: its own list, and all that may hold keys, hidden backups of editors too."""

if shutil.which("alembic") is None:  # nbgrader runs it as a program when it makes a gradebook
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


def configure(config: Config, academy: Academy) -> None:
    """Set nbgrader up for the academy: its folders, what it never copies, and grading without running code."""
    academy.folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # nbgrader does not make its gradebook's folder
    folders = config.CourseDirectory
    folders.root, folders.course_id, folders.db_url = str(academy.root.resolve()), COURSE_ID, academy.gradebook_url
    folders.source_directory, folders.release_directory = SOURCE, RELEASE
    folders.submitted_directory = step(academy, "submitted")
    folders.autograded_directory = step(academy, "autograded")
    folders.feedback_directory = step(academy, "feedback")
    folders.ignore = list(IGNORED)
    steps = [Save if stock is SaveCells else stock for stock in GenerateAssignment.preprocessors.default()]
    config.GenerateAssignment.preprocessors = [Release, *steps]
    steps = [Grade if stock is Execute else stock for stock in Autograde.autograde_preprocessors.default()]
    steps.insert(steps.index(SaveAutoGrades) + 1, ByHand)
    config.Autograde.autograde_preprocessors = steps
    config.ByHand.academy = str(academy.folder.resolve())
    steps = list(GenerateFeedback.preprocessors.default())
    steps.insert(steps.index(GetGrades) + 1, PlainComments)
    config.GenerateFeedback.preprocessors = steps


def step(academy: Academy, name: str) -> str:
    """Return a folder of the academy as nbgrader wants it: within the course, or absolute."""
    folder, root = academy.folder.resolve(), academy.root.resolve()
    return str((folder / name).relative_to(root) if folder.is_relative_to(root) else folder / name)


def converter(kind: Any, academy: Academy) -> Any:
    """Return one of nbgrader's converters, set up for the academy."""
    config = Config()
    configure(config, academy)
    coursedir = CourseDirectory(config=config, log=_log)
    return kind(coursedir=coursedir, config=config, log=_log, force=True)


def run(converter: Any, **which: str) -> None:
    """Run an nbgrader converter in process; raise CourseError with its reason when it fails."""
    for name, value in which.items():
        setattr(converter.coursedir, name, value)
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setLevel(logging.ERROR)
    _log.addHandler(handler)
    before = os.environ.get("NBGRADER_EXECUTION")
    try:
        with _one_engine(), warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            converter.start()
    except Exception as error:
        raise CourseError(converter.coursedir.assignment_id, _reason(said.getvalue()) or str(error)) from error
    finally:
        _log.removeHandler(handler)
        if before is None:
            os.environ.pop("NBGRADER_EXECUTION", None)


@contextmanager
def _one_engine() -> Iterator[None]:
    """Let nbgrader, which opens its gradebook a dozen times a submission, do so with one engine: about a third less time."""
    stock, nbgrader.api.create_engine = nbgrader.api.create_engine, _engine
    try:
        yield
    finally:
        nbgrader.api.create_engine = stock


_engine = functools.lru_cache(maxsize=1)(nbgrader.api.create_engine)


def _reason(log: str) -> str:
    """Return the last line of the first traceback in what nbgrader logged, without the name of the exception's class."""
    found = re.search(r"^Traceback.*?^(?:[\w.]+: )?(\S[^\n]*)", re.sub(r"^(?:  .*|\s*)\n", "", log, flags=re.M), re.S | re.M)
    return found[1] if found else ""


@contextmanager
def alone(academy: Academy, wait: float = 0.0) -> Iterator[bool]:
    """Yield whether this process alone writes to the gradebook now. The system frees the lock of a process that died.

    Args:
        wait: seconds to wait for another process to end.
    """
    academy.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + wait
    with (academy.folder / "gradebook.lock").open("ab") as file:
        while not (held := _lock(file.fileno())) and time.monotonic() < until:
            time.sleep(0.1)
        yield held


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
