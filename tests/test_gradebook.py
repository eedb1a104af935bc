"""The nbgrader bridge against real nbgrader: three ways of grading that must agree, and what must never happen."""

from __future__ import annotations

import html
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from keys import TEXTS
from kinds_course import EVERY, EXERCISES, build
from nbgrader.api import Gradebook
from sample import ROOT

from sopkit import content, gradebook, kinds, release, responses
from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.errors import CourseError
from sopkit.model import Mode, Person, Session, Setting
from sopkit.sitting import InFile, Sitting
from sopkit.store import Store

LESSON = EVERY
TRACE = "written-by-a-learner"
TO_MYSELF = "I was too quick with Marek, and I know why."
STOCK = """
if "STOCK" in os.environ:
    from nbgrader.converters import Autograde
    get_config().Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default()
"""


def small_course(root: Path) -> Path:
    """Write a course with one exercise of every kind to `root`, so that running its notebook takes seconds."""
    build(root)
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text(encoding="utf-8") + STOCK, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A released course. Its gradebook, empty, is in empty/gradebook.db."""
    root = small_course(tmp_path_factory.mktemp("small"))
    assert gradebook.release(root, Academy(root, root / "empty")) == [LESSON]
    return content.load(root)


@pytest.fixture
def academy(small: Course, tmp_path: Path) -> Academy:
    return new_academy(small, tmp_path / "academy")


def new_academy(course: Course, folder: Path, root: Path | None = None) -> Academy:
    """Make an academy with a gradebook that has no submissions: a copy, since nbgrader takes seconds to make one."""
    folder.mkdir(parents=True)
    shutil.copy(course.root / "empty" / "gradebook.db", folder)
    return Academy(root or course.root, folder)


def nbgrader(academy: Academy, *words: str, cwd: Path | None = None, **environ: str) -> str:
    """Run the nbgrader command; return what it said."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "SOPKIT_ACADEMY": str(academy.folder), **environ}
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=cwd or academy.root, env=environ, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout + done.stderr


def scores(academy: Academy) -> dict[str, dict[str, float | None]]:
    """Return auto_score by person and grade cell."""
    with Gradebook(academy.gradebook_url) as book:
        submissions = book.assignment_submissions(LESSON)
        return {s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades} for s in submissions}


def machine(course: Course) -> dict[str, float]:
    """Return the most that each grade cell can have before a coach marks: nothing yet for writing."""
    return {e.name: 0.0 if e.marked_by_hand else kinds.out_of(e) for e in course.of(LESSON) if kinds.out_of(e)}


# ---- submissions of every sort ----

Make = Callable[[Course], Any]


def entries(course: Course, respond: Callable[[kinds.Exercise], Any], version: str | None = None) -> dict[str, Any]:
    """Return a response file in which each exercise has what `respond` returns for it."""
    given = {e.name: {"version": version or e.version, "response": respond(e)} for e in course.of(LESSON)}
    return {"sopkit": 1, "lesson": LESSON, "responses": given, "drafts": {}}


def keyed(exercise: kinds.Exercise) -> Any:
    return kinds.keyed_response(exercise).model_dump()


def wrong(exercise: kinds.Exercise) -> Any:
    return kinds.wrong_response(exercise, random.Random(exercise.ref)).model_dump()


def half(exercise: kinds.Exercise) -> Any:
    """Half of the cards right and the rest untouched; a third of each passage's words tagged; the first step last."""
    full = keyed(exercise)
    match exercise.body.kind:
        case "classify" | "judge" | "dialogue":
            return {"answers": dict(list(full["answers"].items())[::2])}
        case "tag":
            return {"marks": [mark | {"last": mark["first"] + (mark["last"] - mark["first"]) // 3} for mark in full["marks"]]}
        case "order":
            return {"order": [*full["order"][1:], full["order"][0]]}
    return full


def flooded(exercise: kinds.Exercise) -> Any:
    """Every card the same, the whole story one tag, every line the same mark."""
    full = keyed(exercise)
    match exercise.body.kind:
        case "classify":
            first = exercise.body.option_ids[0]
            return {"answers": {item: {"choice": first, "sure": None, "question": None} for item in full["answers"]}}
        case "tag":
            return {"marks": [{"first": 0, "last": len(exercise.around.story.story.split()) - 1, "tag": exercise.body.option_ids[0]}]}
        case "judge":
            return {"answers": {sample: {"marks": dict.fromkeys(given["marks"], 2)} for sample, given in full["answers"].items()}}
    return full


def with_fault(exercise: kinds.Exercise) -> Any:
    """A keyed response with one thing in it that the exercise does not have."""
    full = keyed(exercise)
    match exercise.body.kind:
        case "classify":
            return {"answers": full["answers"] | {"no-such-card": {"choice": exercise.body.option_ids[0]}}}
        case "tag":
            return {"marks": [*full["marks"], {"first": 10**6, "last": 10**6, "tag": exercise.body.option_ids[0]}]}
    return full | {"no-such-field": 1}


def unknown_option(exercise: kinds.Exercise) -> Any:
    options = exercise.body.option_ids
    return json.loads(json.dumps(keyed(exercise)).replace(f'"{options[0]}"', '"no-such-option"')) if options else with_fault(exercise)


def passed(exercise: kinds.Exercise) -> Any:
    full = keyed(exercise)
    cards = exercise.body.kind == "classify"
    return {"answers": {item: {"choice": None} for item in full["answers"]}} if cards else kinds.blank(exercise).model_dump()


CASES: dict[str, Make] = {
    "right": lambda c: entries(c, keyed),
    "wrong": lambda c: entries(c, wrong),
    "partial": lambda c: entries(c, half),
    "flooded": lambda c: entries(c, flooded),
    "blank": lambda c: entries(c, lambda e: kinds.blank(e).model_dump()),
    "passed": lambda c: entries(c, passed),
    "nothing": lambda c: {"sopkit": 1, "lesson": LESSON, "responses": {}, "drafts": {}},
    "one-only": lambda c: {**entries(c, keyed), "responses": {"cards": entries(c, keyed)["responses"]["cards"]}},
    "no-file": lambda c: None,
    "malformed": lambda c: '{"sopkit": 1, "lesson": ',
    "not-text": lambda c: b"\xff\xfe\x00",
    "wrong-lesson": lambda c: entries(c, keyed) | {"lesson": "02-other"},
    "with-scores": lambda c: entries(c, keyed) | {"points": 99},
    "unknown-item": lambda c: entries(c, with_fault),
    "unknown-option": lambda c: entries(c, unknown_option),
    "stale": lambda c: entries(c, keyed, version="0123456789abcdef"),
    "hostile": lambda c: entries(c, half),
}


def submit(course: Course, academy: Academy, person: str, data: Any, *cells: str) -> Path:
    """Write a submission by hand, with `cells` of code added and every exercise cell tampered with if there are any."""
    folder = academy.folder / "submitted" / person / LESSON
    folder.mkdir(parents=True)
    notebook = nbformat.read(course.root / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
    for code in cells:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = f"{code}\n1000.0"
        notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(SCRIPT))
        notebook.cells.insert(0, nbformat.v4.new_raw_cell(SCRIPT, metadata={"raw_mimetype": "text/html"}))
    nbformat.write(notebook, folder / f"{LESSON}.ipynb")
    if data is not None:
        raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
        (folder / responses.NAME).write_bytes(raw)
    return folder


@dataclass
class Graded:
    """One set of submissions, graded three ways."""

    course: Course
    ours: Academy
    command: Academy
    stock: list[Academy]
    scores: list[dict[str, dict[str, float | None]]]


SCRIPT = "<script>document.title = 'taken over'</script> [x](javascript:alert(1))"


@pytest.fixture(scope="module")
def graded(small: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade every case three ways. Stock nbgrader takes seconds for each, so it works in two halves at once."""
    far = tmp_path_factory.mktemp("far")
    ours, command = new_academy(small, small.root / "academy"), new_academy(small, far / "command")
    stock = [new_academy(small, far / "stock-1"), new_academy(small, far / "stock-2")]
    for number, (name, make) in enumerate(CASES.items()):
        for academy in (ours, command, stock[number % 2]):
            hostile = f"open({str(academy.folder / TRACE)!r}, 'w').close()"
            submit(small, academy, name, make(small), *([hostile] if name == "hostile" else []))
    gradebook.grade(ours, LESSON)
    nbgrader(command, "autograde", LESSON)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda academy: nbgrader(academy, "autograde", LESSON, STOCK="1"), stock))
    return Graded(small, ours, command, stock, [scores(ours), scores(command), scores(stock[0]) | scores(stock[1])])


def test_learners_code_is_not_run(graded: Graded) -> None:
    assert any((academy.folder / TRACE).exists() for academy in graded.stock)  # stock nbgrader does run it
    assert not (graded.ours.folder / TRACE).exists()
    assert not (graded.command.folder / TRACE).exists()


def test_what_a_learner_wrote_stays_text(graded: Graded) -> None:
    """A script in a submitted Markdown or raw cell must not run in the browser of who opens it in formgrader."""
    for academy in (graded.ours, graded.command):
        cells = nbformat.read(academy.folder / "autograded" / "hostile" / LESSON / f"{LESSON}.ipynb", as_version=4).cells
        assert not [cell for cell in cells if cell.cell_type != "code" and SCRIPT in cell.source]
        assert [cell for cell in cells if f"<pre>{html.escape(SCRIPT)}</pre>" == cell.source]


@pytest.mark.parametrize("name", CASES)
def test_in_process_command_and_stock_nbgrader_agree(graded: Graded, name: str) -> None:
    ours, command, stock = (found[name] for found in graded.scores)
    assert ours == command == stock
    assert None not in ours.values()


def test_scores_are_those_of_the_graders(graded: Graded) -> None:
    found, course = graded.scores[0], graded.course
    assert {exercise.body.kind for exercise in course.of(LESSON)} == set(kinds.KINDS)
    nothing = {e.name: 0.0 for e in course.of(LESSON) if kinds.out_of(e)}
    by_hand = {e.name: 0.0 for e in course.of(LESSON) if e.marked_by_hand}
    most = machine(course)
    assert set(EXERCISES) - set(most) == {"talk", "alone"}
    assert by_hand.keys() == {"statement", "parts", "plan"}
    assert found["right"] == most
    assert found["stale"] == most
    assert found["hostile"] == found["partial"] not in (most, nothing)
    for name in ("cards", "map", "houses", "circles", "story", "samples", "steps"):
        assert 0 < found["partial"][name] < most[name], name
    assert found["one-only"] == nothing | {"cards": most["cards"]}
    for name in ("wrong", "blank", "passed", "nothing", "no-file", "malformed", "not-text", "wrong-lesson", "with-scores", "unknown-item"):
        assert found[name] == nothing, name


def test_what_could_not_be_read_is_said(graded: Graded) -> None:
    notebook = graded.ours.folder / "autograded" / "malformed" / LESSON / f"{LESSON}.ipynb"
    assert "A person must look at it" in notebook.read_text(encoding="utf-8")


def test_feedback_and_export_and_no_key_anywhere(graded: Graded) -> None:
    nbgrader(graded.command, "generate_feedback", LESSON)
    table = graded.command.folder / "grades.csv"
    nbgrader(graded.command, "export", "--to", str(table))
    rows = table.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(CASES)
    feedback = graded.command.folder / "feedback" / "partial" / LESSON / f"{LESSON}.html"
    assert "<th>Outcome</th>" in feedback.read_text(encoding="utf-8")
    secrets = list(key_texts(graded.course))
    assert len(secrets) > 100
    for folder in (graded.ours.folder, graded.command.folder):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix != ".db":
                assert ".yml" not in path.name and ".yaml" not in path.name
                text = plain_text(path)
                assert not [secret for secret in secrets if secret in text], path


EXPLAINS = TEXTS | {"views", "differ", "consider", "notice"}


def key_texts(course: Course) -> Iterator[str]:
    """Yield every explanation in the course's exercises, spaces made even. (Of an example, a keyed response has the words.)"""

    def walk(value: Any, name: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from walk(inner, name if name in ("views", "differ") else key)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, name)
        elif isinstance(value, str) and name in EXPLAINS and len(value) > 25 and value not in course.questions.values():
            yield " ".join(value.split())

    for exercise in course.exercises.values():
        yield from walk(exercise.keyed.model_dump())


def plain_text(path: Path) -> str:
    """Return a file's text with JSON's and HTML's quotation of characters undone and spaces made even."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for found, meant in (("\\n", " "), ('\\"', '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&quot;", '"')):
        text = text.replace(found, meant)
    return " ".join(text.split())


# ---- cells that are not as they should be ----


def test_a_cell_taken_out_does_not_leave_an_older_score(small: Course, academy: Academy) -> None:
    folder = submit(small, academy, "a", entries(small, keyed))
    gradebook.grade(academy, LESSON)
    notebook = nbformat.read(folder / f"{LESSON}.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    nbformat.write(notebook, folder / f"{LESSON}.ipynb")
    (folder / responses.NAME).write_text(json.dumps(entries(small, wrong)), encoding="utf-8")
    gradebook.grade(academy, LESSON)
    assert set(scores(academy)["a"].values()) == {0.0}


def test_a_grade_cell_that_is_no_exercise_earns_nothing(small: Course, tmp_path: Path) -> None:
    root = small_course(tmp_path)
    source = root / "solutions" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    own = {"grade": True, "solution": False, "locked": True, "task": False, "grade_id": "own", "points": 3, "schema_version": 3}
    notebook.cells.append(nbformat.v4.new_code_cell("assert True", metadata={"nbgrader": own}))
    nbformat.write(notebook, source)
    academy = new_academy(small, root / "academy", root)
    gradebook.release(root, academy)
    course = content.load(root)
    submit(course, academy, "a", entries(course, keyed))
    gradebook.grade(academy, LESSON)
    assert scores(academy)["a"]["own"] == 0
    assert "stock nbgrader" in (academy.folder / "autograded" / "a" / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")


# ---- publishing ----


@pytest.fixture
def store(academy: Academy) -> Store:
    store = academy.store()
    store.add_people([Person("ana", "Ana Maria Perez"), Person("bo", "Bo")])
    store.put_session(Session("s", "Class", "CODE", "standard", lessons={LESSON: Setting(Mode.PRACTICE)}))
    return store


def hand_in(store: Store, course: Course, person: str, respond: Callable[[kinds.Exercise], Any], lesson: str = LESSON) -> None:
    store.hand_in(person, "s", lesson, entries(course, respond)["responses"])


def faults(store: Store) -> dict[str, str | None]:
    return {hand_in.person: hand_in.fault for hand_in in store.unpublished()}


def test_publish_takes_the_newest_and_only_once(small: Course, academy: Academy, store: Store) -> None:
    hand_in(store, small, "ana", wrong)
    hand_in(store, small, "ana", half)
    hand_in(store, small, "bo", keyed)
    before = dict(os.environ), Path.cwd()
    assert gradebook.publish(academy, store, small) == 2
    assert (dict(os.environ), Path.cwd()) == before
    first = scores(academy)
    assert first["bo"]["cards"] > first["ana"]["cards"] > 0
    assert not store.unpublished()
    assert gradebook.publish(academy, store, small) == 0
    with Gradebook(academy.gradebook_url) as book:
        assert [(s.first_name, s.last_name) for s in map(book.find_student, ("ana", "bo"))] == [("Ana Maria", "Perez"), ("Bo", "")]
        last = store.last_hand_in("ana", "s", LESSON)
        assert last and book.find_submission(LESSON, "ana").timestamp == last.at.replace(tzinfo=None)
    assert "Skipping existing" in nbgrader(academy, "autograde", LESSON)  # nbgrader sees nothing new
    for respond in (wrong, keyed):
        hand_in(store, small, "ana", respond)
        assert gradebook.publish(academy, store, small) == 1
    assert scores(academy)["ana"] == first["bo"]
    folder = academy.folder / "submitted" / "ana" / LESSON
    assert sorted(path.name for path in folder.iterdir()) == [f"{LESSON}.ipynb", responses.NAME, "timestamp.txt"]


def test_practice_after_a_check_leaves_the_checks_score(small: Course, academy: Academy, store: Store) -> None:
    store.hand_in("ana", "s", LESSON, entries(small, half)["responses"], Mode.CHECK)
    assert gradebook.publish(academy, store, small) == 1
    checked = scores(academy)["ana"]
    hand_in(store, small, "ana", keyed)
    assert gradebook.publish(academy, store, small) == 0
    assert scores(academy)["ana"] == checked and not store.unpublished()
    store.hand_in("ana", "s", LESSON, entries(small, keyed)["responses"], Mode.POST)
    assert gradebook.publish(academy, store, small) == 1
    assert scores(academy)["ana"] != checked


def test_a_mark_that_a_person_gave_survives(small: Course, academy: Academy, store: Store) -> None:
    hand_in(store, small, "ana", wrong)
    gradebook.publish(academy, store, small)
    with Gradebook(academy.gradebook_url) as book:
        grade = book.find_grade("cards", LESSON, LESSON, "ana")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        book.db.commit()
    hand_in(store, small, "ana", keyed)
    gradebook.publish(academy, store, small)
    with Gradebook(academy.gradebook_url) as book:
        grade = book.find_grade("cards", LESSON, LESSON, "ana")
        assert (grade.manual_score, grade.score, grade.auto_score) == (3.5, 3.5, grade.max_score)
        assert grade.needs_manual_grade  # somebody should look whether 3.5 still holds


def test_one_bad_hand_in_holds_up_no_other(small: Course, academy: Academy, store: Store) -> None:
    store.add_people([Person("../out", "Out"), Person("cut", "Cut")])
    hand_in(store, small, "../out", keyed)
    hand_in(store, small, "ana", keyed, lesson="99-gone")
    store.hand_in("cut", "s", LESSON, {"cards": {"response": 3}})
    hand_in(store, small, "bo", keyed)
    assert gradebook.publish(academy, store, small) == 1
    said = faults(store)
    assert set(said) == {"../out", "ana", "cut"}
    assert "cannot name a folder" in str(said["../out"]) and "no such lesson" in str(said["ana"])
    assert not (academy.folder / "out").exists()
    assert set(scores(academy)) == {"bo"}


@pytest.mark.parametrize("person", ["a", "a.perez-7@county", "7", "o_b"])
def test_ids_that_can_name_a_folder(person: str) -> None:
    gradebook.check_id(person)


BAD_IDS = [
    "",
    ".",
    "..",
    "../a",
    "a/b",
    "a\\b",
    "/a",
    "a*",
    "a?",
    "[a]",
    "{a}",
    ".a",
    "a.",
    "a ",
    "a\n",
    "a\0",
    "a+b",
    "NUL",
    "con.x",
    "a" * 81,
]


@pytest.mark.parametrize("person", BAD_IDS)
def test_ids_that_cannot(person: str) -> None:
    with pytest.raises(CourseError):
        gradebook.check_id(person)


def test_a_lesson_changed_after_its_release_waits_for_the_next_release(small: Course, tmp_path: Path) -> None:
    root = small_course(tmp_path)
    academy = new_academy(small, root / "academy", root)
    gradebook.release(root, academy)
    store = academy.store()
    store.add_people([Person("ana", "Ana")])
    store.put_session(Session("s", "Class", "CODE", "standard"))
    path = root / "solutions" / LESSON / "houses.yml"
    head, *items = path.read_text(encoding="utf-8").split("\n- id: ")
    path.write_text("\n- id: ".join([head, *items[1:]]), encoding="utf-8")  # one card fewer
    course = content.load(root)
    hand_in(store, course, "ana", keyed)
    assert gradebook.publish(academy, store, course) == 0
    assert "Release the lesson again" in str(faults(store)["ana"])
    assert "NBGRADER_EXECUTION" not in os.environ
    gradebook.release(root, academy)
    assert gradebook.publish(academy, store, course) == 1
    assert scores(academy)["ana"]["houses"] == len(items) - 1


def test_a_new_academy_beside_a_released_course_needs_no_release(small: Course, tmp_path: Path) -> None:
    academy = Academy(small.root, tmp_path / "new")
    store = academy.store()
    store.add_people([Person("bo", "Bo")])
    store.put_session(Session("s", "Class", "CODE", "standard"))
    hand_in(store, small, "bo", keyed)
    assert gradebook.publish(academy, store, small) == 1
    assert scores(academy)["bo"] == machine(small)


def test_only_one_process_publishes_and_a_dead_one_blocks_nobody(small: Course, academy: Academy, store: Store) -> None:
    hand_in(store, small, "ana", keyed)
    code = "import sys, time, pathlib; from sopkit import gradebook as g; from sopkit.academy import Academy\n"
    code += "with g.alone(Academy(pathlib.Path('.'), pathlib.Path(sys.argv[1]))) as alone: print(alone, flush=True); time.sleep(60)"
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code, str(academy.folder)], stdout=subprocess.PIPE, text=True, env=environ) as other:
        assert other.stdout and other.stdout.readline() == "True\n"
        assert gradebook.publish(academy, store, small) == 0
        assert len(store.unpublished()) == 1
        other.kill()
    assert gradebook.publish(academy, store, small) == 1


# ---- a trainee's own machine, through nbgrader's exchange ----


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange needs POSIX")
def test_work_done_on_an_own_machine_is_graded_the_same(small: Course, academy: Academy, tmp_path: Path) -> None:
    exchange = tmp_path / "exchange"
    options = [f"--Exchange.root={exchange}", "--course", gradebook.COURSE_ID]
    nbgrader(academy, "release_assignment", LESSON, *options)
    assert not list(exchange.rglob("*.yml"))
    home = tmp_path / "home"
    home.mkdir()
    own = {"SOPKIT_ACADEMY": "", "HOME": str(home)}
    nbgrader(academy, "fetch_assignment", LESSON, *options, cwd=home, **own)
    course = release.read(home / LESSON)
    (private := home / "private").mkdir()
    assert set(course.exercises) == {f"{LESSON}/{name}" for name in EXERCISES}
    for exercise in course.exercises.values():
        alone = exercise.kind.PRIVATE
        assert alone or not exercise.has_key
        keep = InFile(home / LESSON, LESSON, exercise.name, private if alone else None)
        sitting = Sitting(course, exercise, keep, None, course.profile(course.default_profile))
        given = {"text": TO_MYSELF, "shared": False} if alone else half(small.exercises[exercise.ref])
        view = sitting.answer(exercise.version, "0123456789", given)
        assert not any(answer["feedback"] for answer in view.get("answers", {}).values())
    nbgrader(academy, "submit", LESSON, *options, cwd=home, **own)
    nbgrader(academy, "collect", LESSON, *options)
    submit(small, academy, "same", entries(small, half))
    nbgrader(academy, "autograde", LESSON)
    found = scores(academy)
    same = found.pop("same")
    assert list(found.values()) == [same]
    assert not list(tmp_path.rglob("*.y*ml*"))
    holders = {path.parent for path in tmp_path.rglob("*") if path.is_file() and TO_MYSELF.encode() in path.read_bytes()}
    assert holders == {private}  # what is private was never handed in


# ---- formgrader ----


def test_formgrader_shows_pages_and_its_buttons_work(small: Course, tmp_path: Path) -> None:
    root = small_course(tmp_path)
    academy = new_academy(small, root / "academy", root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "JUPYTER_NO_CONFIG": "1", "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=t", "--ServerApp.disable_check_xsrf=True"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    log = (tmp_path / "server.log").open("w")
    server = subprocess.Popen(command, cwd=root, env=environ, stdout=log, stderr=log)

    def ask(page: str, method: str = "GET", wait: float = 0.0) -> str:
        until = time.monotonic() + wait
        while True:
            try:
                address = f"http://127.0.0.1:{port}/formgrader/{page}"
                request = urllib.request.Request(address, method=method, headers={"Authorization": "token t"})
                with urllib.request.urlopen(request, timeout=60) as answer:
                    assert answer.status == 200
                    return str(answer.read().decode())
            except OSError as error:
                if time.monotonic() > until or hasattr(error, "code"):
                    raise AssertionError((tmp_path / "server.log").read_text()[-3000:]) from error
                time.sleep(0.2)

    try:
        assert "nbgrader" in ask("manage_assignments", wait=40)
        assert json.loads(ask(f"api/assignment/{LESSON}/assign", "POST"))["success"]
        assert release.read(root / "exercises" / LESSON).exercises.keys() == content.load(root).exercises.keys()
        course = content.load(root)
        submit(course, academy, "ana", entries(course, keyed))
        assert json.loads(ask(f"api/submission/{LESSON}/ana/autograde", "POST"))["success"]
        assert json.loads(ask(f"api/submission/{LESSON}/ana"))["score"] == sum(machine(course).values())
        with Gradebook(academy.gradebook_url) as book:
            submission = book.find_submission_notebook(LESSON, LESSON, "ana").id
        for page in ("gradebook", f"gradebook/{LESSON}", f"gradebook/{LESSON}/{LESSON}", "manage_students", f"manage_submissions/{LESSON}"):
            ask(page)
        assert "<th>Outcome</th>" in ask(f"submissions/{submission}")
    finally:
        server.terminate()
        server.wait(20)
        log.close()
