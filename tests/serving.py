"""A real academy server for tests and benchmarks, and a trainee who talks to it over HTTP and a raw web socket."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import websocket

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def holds(received: str, text: str) -> bool:
    """Whether `text` is in what was received: as it is, or as JSON within JSON writes it."""
    forms = {text}
    for _ in range(2):
        forms |= {json.dumps(form, ensure_ascii=ascii)[1:-1] for form in forms for ascii in (True, False)}
    return any(form in received for form in forms)


class Server:
    """`sopkit serve` in a process of its own, with its own academy folder."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        self.folder, self.root, self.port = folder, root, free_port()
        self.url = f"http://localhost:{self.port}"
        self.env = {**os.environ, "SOPKIT_ACADEMY": str(folder), "SOPKIT_COURSE": str(root), "PYTHONUNBUFFERED": "1"}
        self.log = folder.parent / f"{folder.name}-server.log"
        self.start()

    def start(self) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sopkit.cli", "serve", "--port", str(self.port)],
            cwd=self.root, env=self.env, stdout=self.log.open("ab"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        while time.monotonic() - began < 60:
            if self.process.poll() is not None:
                raise AssertionError(f"The server ended: {self.log.read_text()}")
            try:
                requests.get(f"{self.url}/login", timeout=2)
                self.started_in = time.monotonic() - began
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError("The server did not answer within 60 s")

    def kill(self) -> None:
        """kill -9, the server only."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def run(self, *command: str) -> str:
        """Run a sopkit command on this academy."""
        done = subprocess.run([sys.executable, "-m", "sopkit.cli", *command], cwd=self.root, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def code(self) -> str:
        found = re.search(r"practice: .*?code ([A-Z]+ \d+)", self.run("sessions"))
        assert found
        return found[1]

    def passphrase(self, role: str) -> str:
        note = (self.folder / "how-to-sign-in.txt").read_text()
        found = re.search(rf"{role}: name \w+, passphrase (\S+)", note)
        assert found
        return found[1]


@contextmanager
def running(folder: Path, root: Path = ROOT) -> Iterator[Server]:
    server = Server(folder, root)
    try:
        yield server
    finally:
        server.stop()


def sign_in(server: Server, name: str, code: str | None = None, **fields: str) -> requests.Session:
    """Return an HTTP session signed in as a trainee (or, with `passphrase`, as staff)."""
    http = requests.Session()
    form = http.get(f"{server.url}/login")
    token = re.search(r'name="_xsrf" value="([^"]+)"', form.text)
    assert token, form.text
    data = {"_xsrf": token[1], "name": name, "practice": "1", **fields}
    if "passphrase" in fields:
        data["staff"] = "1"
    else:
        data["code"] = code or server.code
    done = http.post(f"{server.url}/login", data=data, allow_redirects=False)
    assert done.status_code == 303, (done.status_code, done.text)
    return http


class Trainee:
    """A page opened as the browser opens it, without a browser. Every byte received is kept in `bytes`."""

    def __init__(
        self, server: Server, name: str, http: requests.Session | None = None, app: str = "workbook", code: str | None = None
    ) -> None:
        self.server, self.name = server, name
        self.http = http or sign_in(server, name, code)
        page = self.http.get(f"{server.url}/{app}")
        assert page.status_code == 200, (page.status_code, page.text[:300])
        self.bytes = page.content
        self.lines: list[str] = []
        self.kernel = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text, re.S)[1])["kernelId"]  # type: ignore[index]
        self.comm = re.search(r'"model_id": "([0-9a-f]+)"', page.text)[1]  # type: ignore[index]
        self.socket = self.connect(self.kernel)

    def connect(self, kernel: str, cookies: bool = True, **headers: str) -> websocket.WebSocket:
        cookie = "; ".join(f"{c.name}={c.value}" for c in self.http.cookies) if cookies else None
        address = f"ws://localhost:{self.server.port}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        return websocket.create_connection(address, cookie=cookie, timeout=30, header=[f"{k}: {v}" for k, v in headers.items()])

    def send(self, kind: str, content: dict[str, Any], channel: str = "shell") -> str:
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": kind, "username": "", "session": "t", "version": "5.3", "date": "2026-01-01T00:00:00Z"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel, "buffers": []}
        self.socket.send(json.dumps(message))
        return number

    def messages(self, seconds: float) -> Iterator[dict[str, Any]]:
        """Yield what arrives within some seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:  # frame by frame: a ping from the server must not begin the wait anew
                opcode, raw = self.socket.recv_data(control_frame=True)
            except (websocket.WebSocketTimeoutException, TimeoutError):
                return
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise websocket.WebSocketConnectionClosedException("The server closed the socket")
            if opcode == websocket.ABNF.OPCODE_TEXT:
                self.bytes += raw
                self.lines.append(raw.decode())
                yield json.loads(raw)

    def ask(self, kind: str, seconds: float = 30, **body: Any) -> dict[str, Any]:
        """Send one request to the player's handler and return its reply."""
        return self.ask_raw({"id": uuid.uuid4().hex, "type": kind, **body}, seconds)

    def ask_raw(self, message: Any, seconds: float = 30) -> dict[str, Any]:
        self.send("comm_msg", {"comm_id": self.comm, "data": {"method": "custom", "content": message}})
        number = message.get("id") if isinstance(message, dict) else None
        for got in self.messages(seconds):
            data = got.get("content", {}).get("data", {})
            if got["header"]["msg_type"] == "comm_msg" and isinstance(data, dict) and data.get("method") == "custom":
                reply = data["content"]
                if reply.get("reply_to") == number:
                    return reply  # type: ignore[no-any-return]
        raise TimeoutError(f"{self.name}: no reply to {kind_of(message)}")

    def answer(self, ref: str, item: str, choice: str, version: str, key: str | None = None, **more: Any) -> dict[str, Any]:
        """Answer one card."""
        response = {"answers": {item: {"choice": choice, "sure": True, "question": None, **more}}}
        return self.ask("answer", ref=ref, version=version, key=key or uuid.uuid4().hex, response=response)

    def close(self) -> None:
        self.socket.close()


def kind_of(message: Any) -> str:
    return str(message.get("type")) if isinstance(message, dict) else type(message).__name__
