"""Grading N submissions of the first lesson: `publish`, `nbgrader autograde` with our config, and stock nbgrader, side by side.

python benchmarks/autograde.py -n 10 --json autograde.json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nbgrader.api import Gradebook

from sopkit import content, gradebook, kinds, responses
from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.model import Person, Session
from sopkit.store import Store

ROOT = Path(__file__).parent.parent
STOCK = """
if "STOCK" in os.environ:
    from nbgrader.converters import Autograde
    get_config().Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default()
"""


def filled_store(academy: Academy, course: Course, lesson: str, people: list[str]) -> Store:
    """Return a store in which everybody has handed in a lesson with some answers right and some wrong."""
    store = academy.store()
    store.put_session(Session("s", "Benchmark", "CODE", course.default_profile))
    store.add_people([Person(person, f"Learner {person}") for person in people])
    for person in people:
        rng = random.Random(person)
        given = {}
        for exercise in course.of(lesson):
            response = kinds.keyed_response(exercise) if rng.random() < 0.6 else kinds.wrong_response(exercise, rng)
            given[exercise.name] = responses.Entry(version=exercise.version, response=response.model_dump()).model_dump()
        store.hand_in(person, "s", lesson, given)
    return store


def command(academy: Academy, lesson: str, **environ: str) -> None:
    """Run `nbgrader autograde` for everybody."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "SOPKIT_ACADEMY": str(academy.folder), **environ}
    words = [sys.executable, "-m", "nbgrader", "autograde", lesson, "--force"]
    subprocess.run(words, cwd=academy.root, env=environ, check=True, capture_output=True)


def totals(academy: Academy, lesson: str) -> dict[str, float]:
    """Return each learner's score."""
    with Gradebook(academy.gradebook_url) as book:
        return {submission.student.id: submission.score for submission in book.assignment_submissions(lesson)}


def main(argv: list[str] | None = None) -> int:
    """Run the three, print a table; exit with 1 if they do not agree on every score."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=10, help="how many submissions (default 10)")
    options.add_argument("--json", type=Path, help="where to write the figures")
    chosen = options.parse_args(argv)
    people = [f"p{number:03}" for number in range(chosen.n)]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "course"
        for name in ("course", "solutions"):
            shutil.copytree(ROOT / name, root / name)
        (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text(encoding="utf-8") + STOCK, encoding="utf-8")
        ours = Academy(root, root / "ours")
        lesson = gradebook.release(root, ours)[0]
        course = content.load(root)
        store = filled_store(ours, course, lesson, people)
        others = [Academy(root, root / name) for name in ("command", "stock")]
        for other in others:
            other.folder.mkdir()
            shutil.copy(ours.folder / "gradebook.db", other.folder)

        def publish() -> None:
            assert gradebook.publish(ours, store, course) == chosen.n
            for other in others:  # outside the measure of the two below
                shutil.copytree(ours.folder / "submitted", other.folder / "submitted")

        runs: dict[str, Callable[[], None]] = {
            "sopkit publish": publish,
            "nbgrader autograde, our config": lambda: command(others[0], lesson),
            "nbgrader autograde, stock": lambda: command(others[1], lesson, STOCK="1"),
        }
        seconds: dict[str, float] = {}
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name] = time.perf_counter() - start
        found = [totals(academy, lesson) for academy in (ours, *others)]
    agree = found[0] == found[1] == found[2] and len(found[0]) == chosen.n
    stock = seconds["nbgrader autograde, stock"]
    print(f"{chosen.n} submissions of {lesson}, {len(course.of(lesson))} exercises each; {os.cpu_count()} cores")
    print(f"{'':32}{'total s':>10}{'s each':>10}{'times faster':>14}")
    for name, total in seconds.items():
        print(f"{name:32}{total:10.2f}{total / chosen.n:10.3f}{stock / total:14.1f}")
    print("Every score is the same." if agree else "THE SCORES DIFFER.")
    if chosen.json:
        figures = {"submissions": chosen.n, "lesson": lesson, "seconds": seconds, "agree": agree, "load": os.getloadavg()[0]}
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
