"""A course folder becomes a Course: read once, checked whole, every fault reported at once."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from sopkit import kinds
from sopkit.errors import ContentError, CourseError, Problem
from sopkit.kinds import Around, Exercise, Rubric
from sopkit.model import Family, Option, Profile, Question, Slug, Strict, Text

T = TypeVar("T", bound=Strict)
SOURCE, RELEASE = "solutions", "exercises"


class CourseFile(Strict):
    """course.yml: title, lessons in order, options, deciding questions."""

    title: Text
    profile: Slug
    lessons: list[Slug]
    options: list[Option]
    questions: list[Question]


class FamilyHead(Strict):
    """The front matter of a family file."""

    title: Text
    people: list[Text]
    content_note: Text | None = None


@dataclass(frozen=True)
class Block:
    """One cell of a lesson: Markdown text, or the ref of an exercise."""

    markdown: str | None = None
    ref: str | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson as its notebook says it."""

    id: str
    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def refs(self) -> list[str]:
        """The exercises, in order."""
        return [block.ref for block in self.blocks if block.ref is not None]


@dataclass(frozen=True)
class Course:
    """All that a course holds, checked."""

    root: Path
    title: str
    default_profile: str
    options: dict[str, Option]
    questions: dict[str, str]  # every deciding question, by id
    asked: tuple[str, ...]  # those that tell the five terms apart
    profiles: dict[str, Profile]
    families: dict[str, Family]
    rubrics: dict[str, Rubric]
    lessons: dict[str, Lesson]
    exercises: dict[str, Exercise] = field(default_factory=dict)

    def profile(self, name: str) -> Profile:
        """Return the profile `name`, or the course's own when there is none of that name."""
        return self.profiles.get(name) or self.profiles[self.default_profile]

    def of(self, lesson: str) -> list[Exercise]:
        """Return the exercises of `lesson` in order."""
        return [self.exercises[ref] for ref in self.lessons[lesson].refs]


def load(root: Path, *, notebooks: str = SOURCE) -> Course:
    """Return the course under `root`, with keys.

    Args:
        notebooks: where lessons are read from, solutions/ or, for what learners see, exercises/.

    Raises:
        CourseError: there is no course here.
        ContentError: with every fault found.
    """
    reader = _Reader(Path(root), notebooks)
    course = reader.course()
    if reader.problems or course is None:
        raise ContentError(reader.problems)
    return course


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds course/course.yml."""
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / "course" / "course.yml").is_file():
            return folder
    raise CourseError(start, "No course found here or above (looked for course/course.yml)")


class _Loader(yaml.CSafeLoader):
    """YAML that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.MarkedYAMLError(problem=f"a {type(key).__name__} as a key", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key!r} twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_text(path: Path) -> str:
    """Return a text file that a person may have saved with a BOM or in Excel's Windows-1252."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def exercise_name(source: str) -> str | None:
    """Return the name in a cell whose last line is exercise("name"), or None for another cell.

    >>> exercise_name('from sopkit import exercise\\nexercise("harm-or-danger")')
    'harm-or-danger'
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    match body[-1:]:
        case [ast.Expr(ast.Call(func=ast.Name("exercise"), args=[ast.Constant(str(name))]))]:
            return name
    return None


class _Reader:
    """Reads the files of a course, and gathers problems on the way."""

    def __init__(self, root: Path, notebooks: str) -> None:
        self.root, self.notebooks = root, notebooks
        self.problems: list[Problem] = []

    def course(self) -> Course | None:
        if not (self.root / "course" / "course.yml").is_file():
            raise CourseError(self.root, "No course found here (looked for course/course.yml)")
        head = self._typed(self.root / "course" / "course.yml", CourseFile)
        families = {f.id: f for f in self._families()}
        profiles = {p.id: p for p in self._profiles()}
        rubrics = {r.id: r for r in self._rubrics()}
        if head is None:
            return None
        options = {option.id: option for option in head.options}
        questions = {question.id: question.text for question in head.questions}
        asked = tuple(question.id for question in head.questions if question.terms)
        self._unique("course/course.yml", "options", [o.id for o in head.options])
        self._unique("course/course.yml", "questions", [q.id for q in head.questions])
        self._unique("course/course.yml", "lessons", list(head.lessons))
        if head.profile not in profiles:
            self._fault("course/course.yml", "profile", repr(head.profile), f"one of {', '.join(profiles)}")
        for profile in profiles.values():
            for option in profile.options:
                if option not in options:
                    self._fault(f"course/profiles/{profile.id}.yml", "options", repr(option), f"one of {', '.join(options)}")
        lessons: dict[str, Lesson] = {}
        exercises: dict[str, Exercise] = {}
        for index, name in enumerate(head.lessons, 1):
            lesson = self._lesson(name, int(name[:2]) if name[:2].isdecimal() else index)
            if lesson is not None:
                lessons[name] = lesson
                exercises.update(self._exercises(lesson, options, questions, families, rubrics))
        return Course(
            self.root, head.title, head.profile, options, questions, asked, profiles, families, rubrics, lessons, exercises
        )  # fmt: skip

    def _fault(self, file: str, place: str, found: str, expected: str) -> None:
        self.problems.append(Problem(file, place, found, expected))

    def _unique(self, file: str, place: str, ids: list[str]) -> None:
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            self._fault(file, place, f"{name!r} {ids.count(name)} times", "each once")

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _yaml(self, path: Path, text: str | None = None) -> Any:
        try:
            data = yaml.load(read_text(path) if text is None else text, _Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            self._fault(self._name(path), place, error.problem or "no YAML", "YAML that can be read")
            return None
        except (yaml.YAMLError, ValueError) as error:  # a control character, or a date that no calendar has
            self._fault(self._name(path), "", str(error).splitlines()[0][:80], "YAML that can be read")
            return None
        except OSError as error:
            self._fault(self._name(path), "", error.strerror or "no file", "a file that can be read")
            return None
        if not isinstance(data, dict):
            self._fault(self._name(path), "", "an empty file" if data is None else f"a {type(data).__name__}", "keys and values")
            return None
        return data

    def _typed(self, path: Path, kind: type[T], text: str | None = None) -> T | None:
        data = self._yaml(path, text)
        return None if data is None else self._model(path, kind, data)

    def _model(self, path: Path, kind: type[T], data: dict[str, Any]) -> T | None:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for one in error.errors():
                self._fault(self._name(path), _place(data, one["loc"]), *_found_expected(one, kind))
            return None

    def _families(self) -> Iterator[Family]:
        for path in sorted((self.root / "course" / "families").glob("*.md")):
            match = re.match(r"---\n(.*?)\n---\n(.*)", read_text(path).replace("\r\n", "\n"), re.S)
            if match is None:
                self._fault(self._name(path), "line 1", "no front matter", "a block between two lines of ---")
                continue
            head = self._typed(path, FamilyHead, "\n" + match[1])  # so that lines are counted as in the file
            story = re.split(r"^## ", match[2], maxsplit=1, flags=re.M)[0].strip()
            if not story:
                self._fault(self._name(path), "story", "nothing", "the story, after the front matter")
            elif head is not None:
                yield Family(path.stem, head.title, tuple(head.people), head.content_note, story)

    def _profiles(self) -> Iterator[Profile]:
        for path in sorted((self.root / "course" / "profiles").glob("*.yml")):
            profile = self._typed(path, Profile)
            if profile is not None and profile.id != path.stem:
                self._fault(self._name(path), "id", repr(profile.id), f"{path.stem!r}, as the file is named")
            elif profile is not None:
                yield profile

    def _rubrics(self) -> Iterator[Rubric]:
        for path in sorted((self.root / "course" / "rubrics").glob("*.yml")):
            rubric = self._typed(path, Rubric)
            if rubric is not None and rubric.id != path.stem:
                self._fault(self._name(path), "id", repr(rubric.id), f"{path.stem!r}, as the file is named")
            elif rubric is not None:
                yield rubric

    def _lesson(self, name: str, number: int) -> Lesson | None:
        path = self.root / self.notebooks / name / f"{name}.ipynb"
        try:
            cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        except (OSError, ValueError, KeyError, TypeError):
            self._fault(self._name(path), "", "no notebook that can be read", "the lesson's notebook")
            return None
        blocks, title = [], ""
        for kind, source in cells:
            if kind == "markdown":
                heading = re.match(r"#\s+(.+)", source)
                if heading and not title:
                    title, source = heading[1].strip(), source[heading.end() :].strip()
                if source:
                    blocks.append(Block(markdown=source))
            elif called := exercise_name(source):
                blocks.append(Block(ref=f"{name}/{called}"))
        if not title:
            self._fault(self._name(path), "first cell", "no heading", "a line that starts with '# ' and the lesson's title")
        lesson = Lesson(name, number, title, tuple(blocks))
        self._unique(self._name(path), "exercise cells", lesson.refs)
        return lesson

    def _exercises(
        self,
        lesson: Lesson,
        options: dict[str, Option],
        questions: dict[str, str],
        families: dict[str, Family],
        rubrics: dict[str, Rubric],
    ) -> Iterator[tuple[str, Exercise]]:
        folder = self.root / SOURCE / lesson.id
        files = {f"{lesson.id}/{path.stem}": path for path in sorted(folder.glob("*.yml"))}
        unused = files.keys() - set(lesson.refs) if self.notebooks == SOURCE else set()
        for ref in sorted(unused):
            self._fault(self._name(files[ref]), "", "a file that no cell of the lesson calls", f'a cell exercise("{files[ref].stem}")')
        for index, ref in enumerate(lesson.refs, 1):
            path = files.get(ref)
            if path is None:
                notebook = self._name(folder / f"{lesson.id}.ipynb")
                self._fault(notebook, "cells", f'a cell exercise("{ref.split("/")[1]}")', f"a file {ref.split('/')[1]}.yml beside it")
                continue
            exercise = self._exercise(path, ref, f"{lesson.number}.{index}", options, questions, families, rubrics)
            if exercise is not None:
                yield ref, exercise

    def _exercise(
        self,
        path: Path,
        ref: str,
        number: str,
        options: dict[str, Option],
        questions: dict[str, str],
        families: dict[str, Family],
        rubrics: dict[str, Rubric],
    ) -> Exercise | None:
        data = self._yaml(path)
        if data is None:
            return None
        kind = kinds.KINDS.get(str(data.get("kind")))
        if kind is None:
            self._fault(self._name(path), "kind", repr(data.get("kind")), f"one of {', '.join(kinds.KINDS)}")
            return None
        body: Any = self._model(path, kind.KEYED, data)
        if body is None:
            return None
        for option in body.option_ids:
            if option not in options:
                self._fault(self._name(path), "options", repr(option), f"one of {', '.join(options)}")
        around = Around(families.get(body.family_id), rubrics.get(body.rubric_id))
        if body.family_id is not None and around.family is None:
            self._fault(self._name(path), "family", repr(body.family_id), f"one of {', '.join(families) or 'the families'}")
            return None
        if body.rubric_id is not None and around.rubric is None:
            self._fault(self._name(path), "rubric", repr(body.rubric_id), f"one of {', '.join(rubrics) or 'the rubrics'}")
            return None
        for place, found, expected in kinds.content_faults(body, around, questions):
            self._fault(self._name(path), place, found, expected)
        return Exercise(ref, number, body, kinds.content_version(body, around), around.family, around.rubric)


def _place(data: Any, loc: tuple[int | str, ...]) -> str:
    """Return where `loc` is in words, with the id of an item beside its number."""
    words: list[str] = []
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(step, int):
            name = data.get("id") if isinstance(data, dict) else None
            words.append(f"{step + 1} ({name})" if name else str(step + 1))
        else:
            words.append(str(step))
    return ", ".join(words)


def _found_expected(error: Any, kind: type[Strict]) -> tuple[str, str]:
    value = error.get("input")
    match error["type"]:
        case "extra_forbidden":
            return "an unknown key", "only the keys in the authoring guide (check its spelling)"
        case "missing":
            return "nothing", "this key"
        case _:
            shown = repr(value) if isinstance(value, str | int | float | bool) else f"a {type(value).__name__}"
            return shown[:80], error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
