"""Forty people open the page in the same second: this server, its kernels warmed for the roster, beside stock Voilà.

Both serve the same notebook from the same course on the same machine, one after the other. Measured for each person from
the first byte asked for: `page` is the whole HTML, `lesson` is the first lesson view over the web socket, which only this
server can give (stock Voilà has no sign-in).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import Trainee, free_port, running, sign_in  # noqa: E402

LESSON = "01-common-language"


def at_once(people: int, act: Any) -> list[Any]:
    """Run `act(number)` for everybody in the same moment; return what each gave."""
    found: list[Any] = [None] * people
    gate = threading.Barrier(people)

    def one(number: int) -> None:
        gate.wait()
        found[number] = act(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def ours(people: int) -> dict[str, list[float]]:
    """Return seconds to the page and to the lesson view, for each person."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.csv"
        roster.write_text("id,name\n" + "".join(f"b{n:03d},Bench Person {n}\n" for n in range(people)))
        with running(Path(folder) / "academy") as server:
            server.run("close", "practice")
            server.run("open", "bench", "--roster", str(roster))
            code = server.run("sessions").split("bench: bench, code ")[1].split(",")[0]
            signed = [sign_in(server, f"b{n:03d}", code) for n in range(people)]
            warm(server.process.pid, people)

            def arrive(number: int) -> tuple[float, float]:
                began = time.monotonic()
                trainee = Trainee(server, f"b{number:03d}", http=signed[number])
                page = time.monotonic() - began
                assert trainee.ask("lesson", seconds=120, lesson=LESSON)["ok"]
                return page, time.monotonic() - began

            found = at_once(people, arrive)
    return {"page": [page for page, _ in found], "lesson": [lesson for _, lesson in found]}


def warm(server: int, kernels: int) -> None:
    """Wait until the server has that many kernels and is quiet."""
    quiet = 0
    for _ in range(600):
        listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
        count = sum(line.split()[0] == str(server) and "ipykernel" in line for line in listed[1:])
        quiet = quiet + 1 if count >= kernels and os.getloadavg()[0] < 60 else 0
        if quiet > 10:
            time.sleep(5)
            return
        time.sleep(0.5)
    raise AssertionError("The kernels did not get warm")


def stock(people: int) -> dict[str, list[float]]:
    """Return seconds to the page of stock Voilà, for each person."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "SOPKIT_COURSE": str(ROOT), "SOPKIT_ACADEMY": str(Path(folder) / "academy")}
        command = [sys.executable, "-m", "voila", "--no-browser", f"--port={port}", str(ROOT / "notebooks" / "workbook.ipynb")]
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                try:
                    requests.get(f"http://localhost:{port}/voila/static/voila.js", timeout=2)
                    break
                except requests.ConnectionError:
                    time.sleep(0.2)

            def arrive(_number: int) -> float:
                began = time.monotonic()
                answer = requests.get(f"http://localhost:{port}/", timeout=600)
                assert "jupyter-config-data" in answer.text
                return time.monotonic() - began

            return {"page": at_once(people, arrive)}
        finally:
            process.terminate()
            process.wait()


def summary(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {"median": statistics.median(ordered), "p95": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], "max": ordered[-1]}


def main(argv: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    found = {"people": options.people, "ours": {k: summary(v) for k, v in ours(options.people).items()}}
    found["stock"] = {k: summary(v) for k, v in stock(options.people).items()}
    print(f"\n{options.people} people at once, seconds         median     p95     max")
    for name, row in [
        ("this server, page", found["ours"]["page"]),
        ("this server, lesson view", found["ours"]["lesson"]),
        ("stock Voilà, page", found["stock"]["page"]),
    ]:
        print(f"  {name:32}{row['median']:8.2f}{row['p95']:8.2f}{row['max']:8.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))
    return found


if __name__ == "__main__":
    main()
