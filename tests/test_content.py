"""Reading a course: every fault is named with its file, its place, what was found and what was expected, in one run."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sample import LESSON, LESSONS, ROOT

from sopkit import content
from sopkit.content import Course, exercise_name
from sopkit.errors import ContentError, CourseError, Problem

HERE = f"solutions/{LESSON}"
Break = Callable[[Path], object]


def problems(root: Path) -> list[Problem]:
    with pytest.raises(ContentError) as caught:
        content.load(root)
    text = str(caught.value)
    assert text.startswith(f"{len(caught.value.problems)} problem")
    assert all(str(problem) in text for problem in caught.value.problems)
    return list(caught.value.problems)


def edit(file: str, *changes: tuple[str, str]) -> Break:
    """Return a function that makes `changes` (old, new), each once, in `file` of a course."""

    def change(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, (file, old)
            text = text.replace(old, new, 1)
        (root / file).write_text(text, encoding="utf-8")

    return change


def overwrite(file: str, text: str | bytes) -> Break:
    return lambda root: (root / file).write_bytes(text.encode() if isinstance(text, str) else text)


def remove(file: str) -> Break:
    return lambda root: (root / file).unlink()


def append(file: str, text: str) -> Break:
    return lambda root: overwrite(file, (root / file).read_text(encoding="utf-8") + text)(root)


def told_twice(root: Path) -> None:
    """Tell the Ellis family's story a second time at its end."""
    path = root / "course/families/ellis.md"
    append("course/families/ellis.md", "\n" + path.read_text(encoding="utf-8").split("---\n")[2])(root)


def twins(root: Path) -> None:
    """Give the first two items of a deck the same id."""
    path = root / HERE / "mixed-d.yml"
    path.write_text(re.sub(r"^  - id: .*", "  - id: twin", path.read_text(encoding="utf-8"), count=2, flags=re.M), encoding="utf-8")


a_sixth_option = edit(f"{HERE}/mixed-c.yml", ("options: [", "options: [sorrow, "))

# What is done to the course, and the problem that must be among those reported: file, and words of place, found, expected.
# No two break the same file in ways that hide one another, so that all of them can be made at once.
FAULTS: dict[str, tuple[Break, tuple[str, str, str, str]]] = {
    "unknown key": (
        edit(f"{HERE}/harm-or-danger.yml", ("  - id: night-shift\n", "  - id: night-shift\n    keyy: harm\n")),
        (f"{HERE}/harm-or-danger.yml", "items, 3 (night-shift), keyy", "an unknown key", "spelling"),
    ),
    "wrongly typed value": (
        edit(f"{HERE}/harm-or-danger.yml", ("ask_question: false", "ask_question: sometimes")),
        (f"{HERE}/harm-or-danger.yml", "ask_question", "'sometimes'", "boolean"),
    ),
    "missing value": (
        edit(f"{HERE}/harm-or-danger.yml", ("title: Harm or danger?\n", "")),
        (f"{HERE}/harm-or-danger.yml", "title", "nothing", "this key"),
    ),
    "key that is not an option": (
        edit(f"{HERE}/harm-or-complicating.yml", ("    key: harm\n", "    key: sorrow\n")),
        (f"{HERE}/harm-or-complicating.yml", "item ", "'sorrow'", "one of harm, complicating"),
    ),
    "unknown deciding question": (
        edit(f"{HERE}/harm-or-complicating.yml", ("    question: effect\n", "    question: effects\n")),
        (f"{HERE}/harm-or-complicating.yml", "question", "'effects'", "one of known, side"),
    ),
    "words that are in the item more than once": (
        edit(f"{HERE}/harm-or-complicating.yml", ("    words: ", "    words: e  # ")),
        (f"{HERE}/harm-or-complicating.yml", "words", "'e' ", "exactly once"),
    ),
    "option the course does not have": (
        a_sixth_option,
        (f"{HERE}/mixed-c.yml", "options", "'sorrow'", "one of harm, danger"),
    ),
    "wrong option without an explanation": (
        a_sixth_option,
        (f"{HERE}/mixed-c.yml", "wrong", ", ", "one explanation for each of sorrow"),
    ),
    "words that are not in the item": (
        edit(f"{HERE}/story-whitfield.yml", ("    words: ", "    words: no such words ")),
        (f"{HERE}/story-whitfield.yml", "words", "0 times in the text", "exactly once"),
    ),
    "item id twice": (
        twins,
        (f"{HERE}/mixed-d.yml", "item twin", "the id twice", "an id of its own"),
    ),
    "YAML key twice": (
        edit(f"{HERE}/mixed-b.yml", ("kind: classify\n", "kind: classify\nkind: classify\n")),
        (f"{HERE}/mixed-b.yml", "line 2, column 1", "the key 'kind' twice", "YAML"),
    ),
    "broken YAML": (
        edit(f"{HERE}/mixed-a.yml", ("kind: classify\n", "kind: classify\nthis line: has: two colons\n")),
        (f"{HERE}/mixed-a.yml", "line 2", "", "YAML that can be read"),
    ),
    "empty file": (
        overwrite(f"{HERE}/safety-or-strength.yml", ""),
        (f"{HERE}/safety-or-strength.yml", "", "an empty file", "keys and values"),
    ),
    "unknown family": (
        edit(f"{HERE}/story-moreno.yml", ("family: moreno", "family: morena")),
        (f"{HERE}/story-moreno.yml", "family", "'morena'", "one of brooks, "),
    ),
    "quotation that is not in the story": (
        edit(f"{HERE}/story-brooks.yml", ("    quote: ", "    quote: Nobody said this. ")),
        (f"{HERE}/story-brooks.yml", "quote", "0 times in the story", "exactly once"),
    ),
    "quotation that is in the story twice": (
        told_twice,
        (f"{HERE}/story-ellis.yml", "quote", "2 times in the story", "exactly once"),
    ),
    "words of the story in no part": (
        append("course/families/whitfield.md", "\n\nOne more sentence.\n"),
        (f"{HERE}/story-whitfield.yml", "passages and leave", "3 words in no part (One more sentence.", "every word of the story"),
    ),
    "no front matter": (
        edit("course/families/tran.md", ("---\n", "")),
        ("course/families/tran.md", "line 1", "no front matter", "---"),
    ),
    "broken front matter": (
        edit("course/families/novak.md", ("people: [", "people: [[")),
        ("course/families/novak.md", "line ", "", "YAML that can be read"),
    ),
    "exercise file missing": (
        remove(f"{HERE}/story-novak.yml"),
        (f"{HERE}/{LESSON}.ipynb", "cells", 'exercise("story-novak")', "a file story-novak.yml beside it"),
    ),
    "exercise file that no cell calls": (
        overwrite(f"{HERE}/spare.yml", "kind: classify"),
        (f"{HERE}/spare.yml", "", "no cell of the lesson calls", 'a cell exercise("spare")'),
    ),
    "contested item without by_setting": (
        edit(f"{HERE}/talk-about.yml", ("      by_setting: {", "      by_setting: {}\n      #")),
        (f"{HERE}/talk-about.yml", "contested.by_setting", "nothing", "one option for each of"),
    ),
    "profile with an unknown option": (
        edit("course/profiles/two-ideas.yml", ("options:\n  danger:", "options:\n  sorrow:")),
        ("course/profiles/two-ideas.yml", "options", "'sorrow'", "one of harm, danger"),
    ),
    "profile with an unknown setting": (
        edit("course/profiles/worry-wording.yml", ("near_miss: not_harm", "near_miss: perhaps")),
        ("course/profiles/worry-wording.yml", "settings, near_miss", "'perhaps'", "'harm' or 'not_harm'"),
    ),
}


def reported(found: list[Problem], wanted: tuple[str, str, str, str]) -> bool:
    file, *words = wanted
    return any(
        p.file == file and all(word in said for word, said in zip(words, (p.place, p.found, p.expected), strict=True)) for p in found
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named(root: Path, name: str) -> None:
    breaking, wanted = FAULTS[name]
    breaking(root)
    found = problems(root)
    assert reported(found, wanted), "\n".join(map(str, found))
    assert all(problem.found and problem.expected for problem in found)


def test_all_faults_are_named_in_one_run(root: Path) -> None:
    for breaking in dict.fromkeys(breaking for breaking, _ in FAULTS.values()):
        breaking(root)
    found = problems(root)
    assert [name for name, (_, wanted) in FAULTS.items() if not reported(found, wanted)] == []


# ---- files that cannot be used at all ----


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "an empty file"),
        ("- a\n- list\n", "a list"),
        ("just words", "a str"),
        ("kind: [classify\n", "expected"),
        ("kind: {{ kind }}\n", "a dict as a key"),
        ("? [a, b]\n: 1\n", "a list as a key"),
        ("kind: 2026-13-45\n", "month must be in 1..12"),
        ("kind: \x07\n", "control characters are not allowed"),
        ("kind: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
        ("kind: guess\n", "'guess'"),
        ("title: no kind\n", "None"),
    ],
)
def test_any_file_is_refused_with_words(root: Path, text: str, found: str) -> None:
    overwrite(f"{HERE}/mixed-a.yml", text)(root)
    (problem,) = problems(root)
    assert problem.file == f"{HERE}/mixed-a.yml"
    assert found in problem.found


@pytest.mark.parametrize("text", ["", "[]", "{}", "no JSON", '{"cells": 3}', '{"cells": [1]}', '{"cells": [{"source": null}]}'])
def test_a_notebook_that_cannot_be_read(root: Path, text: str) -> None:
    overwrite(f"{HERE}/{LESSON}.ipynb", text)(root)
    assert Problem(f"{HERE}/{LESSON}.ipynb", "", "no notebook that can be read", "the lesson's notebook") in problems(root)


def test_lines_of_front_matter_are_counted_as_in_the_file(root: Path) -> None:
    overwrite("course/families/novak.md", "---\ntitle: The Novak family\npeople: a: b\n---\nStory.\n")(root)
    assert [p.place for p in problems(root) if p.file.endswith("novak.md")] == ["line 3, column 10"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("profile: standard", "profile: nobody", "profile"),
        (f"  - {LESSON}\n", f"  - {LESSON}\n  - {LESSON}\n", "lessons"),
        ("  - id: danger\n", "  - id: harm\n", "options"),
        ("  - id: side\n", "  - id: known\n", "questions"),
        ("side: worry", "side: left", "options, 1 (harm), side"),
    ],
)
def test_course_yml(root: Path, old: str, new: str, place: str) -> None:
    edit("course/course.yml", (old, new))(root)
    assert place in {p.place for p in problems(root) if p.file == "course/course.yml"}


def test_a_cell_that_is_there_twice(root: Path) -> None:
    notebook = json.loads((root / HERE / f"{LESSON}.ipynb").read_text(encoding="utf-8"))
    notebook["cells"].append(next(cell for cell in notebook["cells"] if exercise_name("".join(cell["source"]))))
    (root / HERE / f"{LESSON}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert any(p.place == "exercise cells" and "2 times" in p.found for p in problems(root))


def test_no_course(tmp_path: Path) -> None:
    for look in (content.load, content.find_root):
        with pytest.raises(CourseError) as caught:
            look(tmp_path)
        assert caught.value.path == tmp_path
        assert "course/course.yml" in str(caught.value)


# ---- files as people save them ----


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_editor_s_files_give_the_same_course(root: Path, course: Course, encoding: str, newline: str) -> None:
    for path in [*root.rglob("*.yml"), *root.rglob("*.md")]:
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", newline).encode(encoding))
    again = content.load(root)
    assert {ref: e.version for ref, e in again.exercises.items()} == {ref: e.version for ref, e in course.exercises.items()}


def test_windows_1252_is_read(root: Path) -> None:
    path = root / "course/profiles/two-ideas.yml"
    text = path.read_text(encoding="utf-8").replace("title: Example agency", "title: Señora Ólafur’s agency")
    path.write_bytes(text.encode("cp1252"))
    assert content.load(root).profile("two-ideas").title.startswith("Señora Ólafur’s agency")


# ---- the course itself ----


def test_the_course_of_this_repository(course: Course) -> None:
    assert course.root == ROOT
    assert list(course.lessons) == LESSONS
    for lesson in course.lessons.values():
        assert [e.number for e in course.of(lesson.id)] == [f"{lesson.number}.{n}" for n in range(1, len(lesson.refs) + 1)]
        assert lesson.title and lesson.number == int(lesson.id[:2])
    assert course.profile("no such profile") == course.profiles[course.default_profile]


def test_lessons_are_read_from_the_release_and_keys_from_the_source(root: Path, course: Course) -> None:
    shutil.copytree(root / "solutions", root / "exercises", ignore=shutil.ignore_patterns("*.yml"))
    path = root / "exercises" / LESSON / f"{LESSON}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [c for c in notebook["cells"] if exercise_name("".join(c["source"])) in (None, "mixed-a")]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    found = content.load(root, notebooks=content.RELEASE)
    assert [ref for ref in found.exercises if ref.startswith(LESSON)] == [f"{LESSON}/mixed-a"]
    assert found.exercises[f"{LESSON}/mixed-a"].keyed == course.exercises[f"{LESSON}/mixed-a"].keyed


def test_find_root_looks_upward(root: Path) -> None:
    assert content.find_root(root / HERE) == root.resolve()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('exercise("a")', "a"),
        ('from sopkit import exercise\n\nexercise("a")', "a"),
        ('exercise("a")  # shown here', "a"),
        ("exercise(name)", None),
        ('x = exercise("a")', None),
        ('exercise("a")\nprint(1)', None),
        ("%matplotlib inline", None),
        ("", None),
    ],
)
def test_exercise_cells(source: str, name: str | None) -> None:
    assert exercise_name(source) == name


def test_stories_fall_into_sentences_that_make_the_story_again(course: Course) -> None:
    for family in course.families.values():
        sentences = family.sentences
        assert [word for sentence in sentences for word in sentence.words] == family.story.split()
        assert [s.first for s in sentences] == [sum(len(t.words) for t in sentences[:n]) for n in range(len(sentences))]
