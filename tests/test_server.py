"""Security of the running academy, over HTTP and raw web sockets."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket
from serving import ROOT, Server, Trainee, holds, running, sign_in

from sopkit import content

DECK = "01-common-language/harm-or-complicating"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("serve") / "academy") as server:
        yield server


@pytest.fixture(scope="module")
def ana(server: Server) -> Iterator[Trainee]:
    trainee = Trainee(server, "Ana Whitlock")
    yield trainee
    trainee.close()


@pytest.fixture(scope="module")
def kofi(server: Server) -> Iterator[Trainee]:
    trainee = Trainee(server, "Kofi Barnes")
    yield trainee
    trainee.close()


def secrets_of(refs: list[str] | None = None) -> set[str]:
    """Every rationale text of the course: what must not arrive before answering."""
    course = content.load(ROOT)
    texts: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in ("tempting", "answer", "change", "discuss") and isinstance(inner, str):
                    texts.add(inner)
                elif name == "views":
                    texts.update(inner.values())
                else:
                    gather(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                gather(inner)

    for ref, exercise in course.exercises.items():
        if refs is None or ref in refs:
            gather(exercise.body.model_dump())
    return texts


def test_page_says_hello_to_the_person_who_signed_in(ana: Trainee, kofi: Trainee) -> None:
    assert ana.ask("hello")["person"]["name"] == "Ana Whitlock"
    assert kofi.ask("hello")["person"]["name"] == "Kofi Barnes"


def test_nothing_received_before_answering_holds_a_key_or_another_learner(server: Server) -> None:
    trainee = Trainee(server, "Mei Castellano")
    hello = trainee.ask("hello")
    trainee.ask("lesson", lesson=hello["lessons"][0]["id"])
    for ref in content.load(ROOT).exercises:
        assert trainee.ask("open", ref=ref)["ok"]
    received = trainee.bytes.decode("utf-8", "replace")
    assert not [text for text in secrets_of() if holds(received, text)]
    for name in ("Ana Whitlock", "Kofi Barnes", "Samir Grant"):
        assert name not in received
    deck = trainee.ask("open", ref=DECK)
    trainee.answer(DECK, deck["items"][0]["id"], "harm", deck["version"])
    told = [text for text in secrets_of([DECK]) if holds(trainee.bytes.decode("utf-8", "replace"), text)]
    assert told, "the same search finds what the answer was told"
    assert len(told) <= 4, "and no more than that card's own explanation"
    trainee.close()


def test_execute_request_is_refused(ana: Trainee, tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    content = {
        "code": f"open({str(proof)!r}, 'w').close()",
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
    }
    for channel in ("shell", "control"):
        ana.send("execute_request", content, channel)
    answers = [m for m in ana.messages(2) if m["header"]["msg_type"] in ("execute_reply", "execute_result", "execute_input", "error")]
    assert not answers and not proof.exists()
    assert ana.ask("hello")["ok"], "the page goes on working"


@pytest.mark.parametrize(
    "kind", ["inspect_request", "complete_request", "history_request", "debug_request", "input_reply", "usage_request"]
)
def test_other_requests_are_refused(ana: Trainee, kind: str) -> None:
    number = ana.send(kind, {"code": "import os", "cursor_pos": 3, "detail_level": 0, "value": "x"}, "shell")
    assert not [m for m in ana.messages(1) if m["parent_header"].get("msg_id") == number and m["header"]["msg_type"].endswith("_reply")]


def test_another_persons_kernel_is_refused(ana: Trainee, kofi: Trainee) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        ana.connect(kofi.kernel)
    assert refused.value.status_code == 403
    assert ana.http.get(f"{ana.server.url}/api/kernels/{kofi.kernel}").status_code == 403
    assert ana.http.get(f"{ana.server.url}/health/{kofi.kernel}").status_code == 410
    assert ana.http.post(f"{ana.server.url}/voila/api/shutdown/{kofi.kernel}").status_code == 403
    assert kofi.ask("hello")["ok"], "and goes on working"


def test_a_stranger_reaches_no_kernel(ana: Trainee) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        ana.connect(ana.kernel, cookies=False)
    assert refused.value.status_code == 403


def test_a_page_from_elsewhere_cannot_open_the_socket(ana: Trainee) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        cookie = "; ".join(f"{c.name}={c.value}" for c in ana.http.cookies)
        address = f"ws://localhost:{ana.server.port}/api/kernels/{ana.kernel}/channels"
        websocket.create_connection(address, cookie=cookie, origin="http://evil.example", timeout=10)
    assert refused.value.status_code == 403


@pytest.mark.parametrize("path", ["/trainer", "/coach"])
def test_a_trainee_may_not_open_staff_pages(ana: Trainee, path: str) -> None:
    answer = ana.http.get(ana.server.url + path)
    assert answer.status_code == 403 and "kernelId" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/solutions/01-common-language/mixed-a.yml", "/voila/files/solutions/01-common-language/mixed-a.yml", "/voila/render/start-here.ipynb",
        "/voila/render/workbook.ipynb", "/voila/tree", "/voila/api/contents/workbook.ipynb", "/voila/query/x", "/api/contents", "/api/kernels",
        "/api/sessions", "/tree", "/lab", "/files/academy/store.db", "/static/../../store.py", "/static/%2e%2e/%2e%2e/store.py", "/static/../__init__.py",
        "/voila/static/../../../../etc/passwd", "/voila/templates/sop/static/../index.html.j2", "/voila/labextensions/@jupyter-notebook/x", "/workbook.ipynb",
        "/academy/how-to-sign-in.txt", "/notebooks/trainer.ipynb", "/workbook/../trainer", "/trainer/x", "//evil.example",
    ],
)  # fmt: skip
def test_nothing_else_is_served(ana: Trainee, path: str) -> None:
    request = requests.Request("GET", ana.server.url, cookies=ana.http.cookies).prepare()
    request.url = ana.server.url + path  # as written, without tidying dots away
    answer = ana.http.send(request, allow_redirects=False)
    assert answer.status_code in (403, 404), (path, answer.status_code)


def test_identity_headers_and_tokens_are_ignored(server: Server, ana: Trainee) -> None:
    forged = {"X-Forwarded-User": "trainer", "Remote-User": "trainer", "X-Sopkit-User": "trainer", "Authorization": "token trainer"}
    assert requests.get(f"{server.url}/trainer", headers=forged, allow_redirects=False).status_code == 302
    assert ana.http.get(f"{server.url}/trainer?token=trainer", headers=forged).status_code == 403
    page = Trainee(server, "Ana Whitlock", ana.http)
    assert page.ask("hello")["person"]["id"] == "p02"
    page.close()


def test_a_forged_cookie_is_nobody(server: Server) -> None:
    cookie = {"sopkit": "2|1:0|10:1700000000|6:sopkit|36:eyJwZXJzb24iOiAidHJhaW5lciJ9|0000000000"}
    assert requests.get(f"{server.url}/trainer", cookies=cookie, allow_redirects=False).status_code == 302


def test_signing_in_needs_the_form_of_this_server(server: Server) -> None:
    assert requests.post(f"{server.url}/login", data={"name": "p02", "code": server.code, "practice": "1"}).status_code == 403


def test_staff_sign_in_and_roles(server: Server) -> None:
    coach = sign_in(server, "coach", passphrase=server.passphrase("coach"))
    assert coach.get(f"{server.url}/trainer").status_code == 403
    assert coach.get(f"{server.url}/coach").status_code == 200
    trainer = sign_in(server, "trainer", passphrase=server.passphrase("trainer"))
    assert trainer.get(f"{server.url}/coach").status_code == 403, "what each learner mixes up is the coach's to see"
    desk = Trainee(server, "trainer", trainer, app="trainer")
    assert desk.ask("hello")["surface"] == "desk"
    desk.close()


def test_setting_synced_traits_changes_nothing(ana: Trainee) -> None:
    state = {"score": 100, "points": 20, "handler": None, "_esm": "alert(1)", "person": "trainer"}
    before = ana.ask("hello")
    ana.send("comm_msg", {"comm_id": ana.comm, "data": {"method": "update", "state": state, "buffer_paths": []}})
    for message in ana.messages(1):
        assert "alert(1)" not in json.dumps(message.get("content", {}).get("data", {}).get("state", {}))
    after = ana.ask("hello")
    assert {**before, "reply_to": 0} == {**after, "reply_to": 0}


def test_what_a_kernel_prints_stays_here(server: Server, tmp_path: Path) -> None:
    """A fault in the course, logged while a page is being claimed, must not reach the browser."""
    (server.folder / "pages.log").write_text("")
    trainee = Trainee(server, "Grace Adeyemi")
    for kind in ("hello", "nonsense"):
        trainee.ask(kind)
    kinds = {json.loads(line)["header"]["msg_type"] for line in trainee.lines}
    assert kinds <= {"comm_msg", "comm_open", "comm_close", "status"}, kinds
    trainee.close()


def test_a_browser_cannot_make_widgets_of_its_own(ana: Trainee) -> None:
    data = {
        "state": {"_model_module": "@jupyter-widgets/controls", "_model_name": "HTMLModel", "_view_name": "HTMLView"},
        "buffer_paths": [],
    }
    comm = uuid.uuid4().hex
    ana.send("comm_open", {"comm_id": comm, "target_name": "jupyter.widget", "target_module": None, "data": data})
    kinds = [m["header"]["msg_type"] for m in ana.messages(1)]
    assert "comm_close" in kinds, "the kernel closes what it does not know"


@pytest.mark.parametrize(
    "message",
    [
        {"id": 1, "type": None}, {"id": 2, "type": "__class__"}, {"id": 3, "type": "open", "ref": {"$ne": 1}}, {"id": 4, "type": "open", "ref": "../../etc/passwd"},
        {"id": 5, "type": "draft", "ref": DECK, "revision": "0", "draft": 1}, {"id": 6, "type": "draft", "ref": DECK, "revision": 0, "draft": "x" * 100_000},
        {"id": 7, "type": "answer", "ref": DECK, "version": "x", "key": "k" * 20, "response": {}}, {"id": 8, "type": "hand_in", "lesson": ["01-common-language"]},
        {"id": 9, "type": "lesson", "lesson": "../solutions"}, {"id": 10, "type": "grade", "person": "p03"},
    ],
)  # fmt: skip
def test_hostile_messages_get_a_plain_line(kofi: Trainee, message: dict[str, Any]) -> None:
    reply = kofi.ask_raw(message)
    assert reply["ok"] is False and reply["error"]["message"]
    assert "Traceback" not in json.dumps(reply) and "sopkit" not in reply["error"]["message"]


@pytest.mark.parametrize("message", [None, 3, [], "x", {"type": "hello"}, {"id": {}, "type": "hello"}, {"id": "x" * 1000, "type": "hello"}])
def test_messages_without_a_number_are_dropped(kofi: Trainee, message: Any) -> None:
    kofi.send("comm_msg", {"comm_id": kofi.comm, "data": {"method": "custom", "content": message}})
    assert kofi.ask("hello")["ok"]


def test_learner_text_never_becomes_markup(server: Server) -> None:
    name = "<img src=x onerror=alert(1)>\"'&"
    walk_in = Trainee(server, name)
    assert walk_in.ask("hello")["person"]["name"] == name, "kept as typed; the player writes it as text"
    walk_in.close()
    form = requests.Session()
    form.get(f"{server.url}/login")
    shown = form.get(f"{server.url}/login", params={"code": name, "name": name, "next": "javascript:alert(1)"}).text
    assert "<img src=x" not in shown and "javascript:alert" not in shown


def test_after_signing_in_nobody_is_sent_elsewhere(server: Server) -> None:
    for target in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        http = requests.Session()
        token = http.get(f"{server.url}/login").text.split('name="_xsrf" value="')[1].split('"')[0]
        data = {"_xsrf": token, "code": server.code, "name": "p05", "practice": "1", "next": target}
        answer = http.post(f"{server.url}/login", data=data, allow_redirects=False)
        assert answer.headers["Location"] == "/workbook"


def test_a_page_that_closes_gives_its_kernel_back(server: Server) -> None:
    trainee = Trainee(server, "Priya Holloway")
    assert trainee.http.get(f"{server.url}/health/{trainee.kernel}").status_code == 204
    trainee.close()
    assert trainee.http.post(f"{server.url}/voila/api/shutdown/{trainee.kernel}").status_code == 204
    assert trainee.http.get(f"{server.url}/health/{trainee.kernel}").status_code == 410


def test_nobody_holds_more_than_a_few_kernels(server: Server) -> None:
    http = sign_in(server, "Samir Grant")
    pages = [Trainee(server, "Samir Grant", http) for _ in range(6)]
    alive = [http.get(f"{server.url}/health/{page.kernel}").status_code for page in pages]
    assert alive == [410, 410, 204, 204, 204, 204], "the oldest are let go"
    assert pages[-1].ask("hello")["ok"]
    for page in pages:
        page.close()


def test_a_page_left_alone_stays_connected(server: Server) -> None:
    idle = Trainee(server, "Devon Marsh")
    list(idle.messages(65))  # longer than two pings; reading answers them
    assert idle.ask("hello")["ok"]
    idle.close()


def test_a_second_device_resumes(server: Server) -> None:
    first = Trainee(server, "Leah Novotny")
    view = first.ask("open", ref=DECK)
    item = view["items"][0]["id"]
    assert first.ask("draft", ref=DECK, revision=0, draft={"item": item, "choice": "harm"})["revision"] == 1
    assert first.answer(DECK, item, "harm", view["version"])["ok"]
    second = Trainee(server, "Leah Novotny")
    resumed = second.ask("open", ref=DECK)
    assert resumed["answers"][item]["choice"] == "harm" and resumed["draft"] == {"item": item, "choice": "harm"}
    stale = first.ask("draft", ref=DECK, revision=0, draft={"item": item, "choice": None})
    assert stale["error"]["code"] == "stale" and stale["error"]["draft"] == {"item": item, "choice": "harm"}
    first.close()
    second.close()


def test_hand_in_reaches_the_gradebook(server: Server) -> None:
    trainee = Trainee(server, "Tomas Rivera")
    view = trainee.ask("open", ref=DECK)
    keyed = content.load(ROOT).exercises[DECK].keyed
    for item in keyed.items[:5]:  # type: ignore[union-attr]
        assert trainee.answer(DECK, item.id, item.key, view["version"])["answers"][item.id]["feedback"]["verdict"] == "fits"
    assert trainee.ask("hand_in", lesson="01-common-language")["hand_in"]["state"] == "sent"
    for _ in range(60):
        if "is in the gradebook" in (trainee.ask("lesson", lesson="01-common-language")["hand_in"]["message"] or ""):
            break
        time.sleep(1)
    else:
        raise AssertionError(server.log.read_text())
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{server.folder / 'gradebook.db'}") as book:
        submission = book.find_submission("01-common-language", "p05")
        assert submission.score == 5.0
    trainee.close()
