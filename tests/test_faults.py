"""kill -9 of kernels and of the server while ten trainees answer: every acknowledged answer is there afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from serving import ROOT, Server, Trainee, running
from websocket import WebSocketException

from sopkit import content
from sopkit.kinds.classify import Classify
from sopkit.store import Store

FIRST, SECOND = "01-common-language/harm-or-complicating", "01-common-language/harm-or-danger"
PEOPLE = [f"p{n:02d}" for n in range(1, 11)]


class Worker(threading.Thread):
    """Answers card after card until the line breaks, and remembers what was acknowledged."""

    def __init__(self, trainee: Trainee, ref: str) -> None:
        super().__init__(daemon=True)
        self.trainee, self.ref = trainee, ref
        self.acknowledged: list[tuple[str, str]] = []
        self.refused: list[str] = []
        exercise = content.load(ROOT).exercises[ref]
        assert isinstance(exercise.body, Classify)
        self.version, self.deck = exercise.version, exercise.body

    def run(self) -> None:
        turn = 0
        while True:
            for item in self.deck.items:
                choice = self.deck.options[turn % 2]
                try:
                    reply = self.trainee.answer(self.ref, item.id, choice, self.version)
                except (OSError, ValueError, WebSocketException):
                    return
                if reply["ok"]:
                    self.acknowledged.append((item.id, choice))
                else:
                    self.refused.append(reply["error"]["message"])
            turn += 1

    def kept(self, store: Store) -> list[tuple[str, str]]:
        found = store.attempts(self.trainee.name, "practice", ref=self.ref)
        return [(attempt.item, attempt.response["answers"][attempt.item]["choice"]) for attempt in found]


def begin(server: Server, ref: str) -> list[Worker]:
    code = server.code
    workers = [Worker(Trainee(server, person, code=code), ref) for person in PEOPLE]
    for worker in workers:
        worker.start()
    end = time.monotonic() + 60
    while any(len(worker.acknowledged) < 5 for worker in workers):
        assert time.monotonic() < end, [len(worker.acknowledged) for worker in workers]
        time.sleep(0.05)
    return workers


def assert_all_kept(server: Server, workers: list[Worker]) -> None:
    store = Store(f"sqlite:///{server.folder / 'store.db'}")
    for worker in workers:
        worker.join(60)
        kept = worker.kept(store)
        assert not worker.refused, worker.refused[:3]
        assert kept[: len(worker.acknowledged)] == worker.acknowledged, worker.trainee.name
        assert len(kept) <= len(worker.acknowledged) + 1, "at most one more: kept, and the line broke before it was said"
    store.close()


def kernel_processes(server: Server) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    rows = [line.split(None, 2) for line in listed]
    return [int(pid) for pid, parent, command in rows if int(parent) == server.process.pid and "ipykernel" in command]


def test_no_acknowledged_answer_is_lost(tmp_path: Path) -> None:
    with running(tmp_path / "academy") as server:
        workers = begin(server, FIRST)
        kernels = kernel_processes(server)
        assert len(kernels) >= len(PEOPLE)
        for process in kernels:
            os.kill(process, signal.SIGKILL)
        for worker in workers:
            worker.trainee.http.close()
            worker.trainee.socket.sock.settimeout(1)
        assert_all_kept(server, workers)

        workers = begin(server, SECOND)
        server.kill()
        assert_all_kept(server, workers)
        server.start()

        last = workers[0]
        view = Trainee(server, last.trainee.name).ask("open", ref=SECOND)
        store = Store(f"sqlite:///{server.folder / 'store.db'}")
        assert {item: answer["choice"] for item, answer in view["answers"].items()} == dict(last.kept(store))
        store.close()
