"""Milliseconds a draft: `python -m benchmarks.hints [folder of graded statements]`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import yaml

from sopkit.hints import hints, suggest

DEVELOPMENT = Path(__file__).resolve().parents[1] / "tests" / "statements" / "development"


def main(folder: Path = DEVELOPMENT, rounds: int = 5) -> None:
    """Print the time of the first draft (word lists are read then), and the mean and slowest time of the others."""
    drafts = [
        (path.stem, statement["text"], statement.get("people") or ())
        for path in sorted(folder.glob("*.yml"))
        for statement in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    times = []
    for skill, text, people in drafts * rounds:
        start = time.perf_counter()
        suggest(skill, text, people)
        hints(skill, text, people)
        times.append((time.perf_counter() - start) * 1000)
    code = "import time; t = time.perf_counter(); import sopkit.hints; print((time.perf_counter() - t) * 1000)"
    load = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    rest = times[1:]
    print(
        f"import {load:.0f} ms; first draft {times[0]:.0f} ms; then {sum(rest) / len(rest):.1f} ms a draft, slowest {max(rest):.1f} ms ({len(rest)})"
    )


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
