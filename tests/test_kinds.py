"""Every exercise of the course: what earns marks, what is refused, what a learner may hold."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopkit import kinds
from sopkit.content import Course
from sopkit.errors import ResponseError
from sopkit.kinds import Exercise, Response, classify, tag
from sopkit.model import Family, Score

SECRET_TEXTS = {"answer", "tempting", "change", "discuss", "asks"}
SECRET_KEYS = SECRET_TEXTS | {
    "key", "near", "question", "topic", "difficulty", "wrong", "contested", "views", "setting", "by_setting",
    "passages", "leave", "accept", "reason", "optional", "quote",
}  # fmt: skip


def explanations(value: Any) -> Iterator[str]:
    """Yield every text that explains a key, wherever it stands in a dumped exercise."""
    match value:
        case dict():
            for name, inner in value.items():
                if name == "views":
                    yield from inner.values()
                elif name in SECRET_TEXTS and isinstance(inner, str):
                    yield inner
                else:
                    yield from explanations(inner)
        case list():
            for inner in value:
                yield from explanations(inner)


def names(value: Any) -> Iterator[str]:
    """Yield every key of every mapping in `value`."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from names(inner)


def released(exercise: Exercise) -> Exercise:
    """Return `exercise` as a learner holds it."""
    return Exercise(exercise.ref, exercise.number, kinds.strip(exercise.keyed), exercise.version, exercise.family)


def points(exercise: Exercise, response: Response) -> float:
    return kinds.grade(exercise, response).points


# ---- any well-formed response ----


@st.composite
def responses(draw: st.DrawFn, exercise: Exercise) -> Response:
    """Any response that `exercise` takes: cards passed or answered, marks anywhere that do not overlap."""
    options = exercise.body.options
    if isinstance(exercise.body, classify.Deck):
        answer = st.builds(
            classify.Answer,
            choice=st.sampled_from([*options, None]),
            sure=st.sampled_from([True, False, None]),
            question=st.sampled_from(["time", "effect", None]),
        )
        return classify.Response(answers=draw(st.dictionaries(st.sampled_from([item.id for item in exercise.body.items]), answer)))
    last = len(exercise.story.story.split()) - 1
    cuts = sorted(draw(st.sets(st.integers(0, last), max_size=40)))
    tags = draw(st.lists(st.sampled_from([*options, tag.NONE]), min_size=len(cuts), max_size=len(cuts)))
    ends = [draw(st.integers(first, after - 1)) for first, after in zip(cuts, [*cuts[1:], last + 1], strict=False)]
    return tag.Response(marks=[tag.Mark(first=a, last=b, tag=t) for a, b, t in zip(cuts, ends, tags, strict=True)])


def cleared(marks: list[tag.Mark], first: int, last: int) -> list[tag.Mark]:
    """Return `marks` with nothing left on the words `first` to `last`."""
    kept = []
    for mark in marks:
        sides = [(mark.first, min(mark.last, first - 1)), (max(mark.first, last + 1), mark.last)]
        kept += [tag.Mark(first=a, last=b, tag=mark.tag) for a, b in dict.fromkeys(sides) if a <= b]
    return kept


def mended(exercise: Exercise, response: Response, part: int) -> Response:
    """Return `response` with one card, or one passage, given its key."""
    right = kinds.keyed_response(exercise)
    match response, right:
        case classify.Response(), classify.Response():
            item = list(right.answers)[part % len(right.answers)]
            return classify.Response(answers={**response.answers, item: right.answers[item]})
        case tag.Response(), tag.Response():
            mark = right.marks[part % len(right.marks)]
            return tag.Response(marks=[*cleared(response.marks, mark.first, mark.last), mark])
    raise AssertionError


@given(st.data())
def test_points_are_within_bounds_and_grading_is_repeatable(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    score = kinds.grade(exercise, response)
    assert 0 <= score.points <= score.out_of == kinds.out_of(exercise)
    assert score == kinds.grade(exercise, kinds.parse(exercise, response.model_dump()))


@given(st.data())
def test_order_does_not_matter(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    if isinstance(response, classify.Response):
        other: Response = classify.Response(answers=dict(data.draw(st.permutations(list(response.answers.items())))))
    else:
        other = tag.Response(marks=data.draw(st.permutations(response.marks)))
    assert kinds.grade(exercise, other) == kinds.grade(exercise, response)


@given(st.data())
def test_mending_one_answer_never_costs_a_point(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    better = mended(exercise, response, data.draw(st.integers(0, 200)))
    assert points(exercise, kinds.parse(exercise, better.model_dump())) >= points(exercise, response)


@given(st.data())
def test_cards_are_worth_the_same_one_by_one(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    parts = kinds.attempts(exercise, response)
    merged: Response | None = None
    for part, score in parts.values():
        assert 0 <= score.points <= score.out_of
        merged = kinds.merge(merged, part)
    assert sum(score.points for _, score in parts.values()) == points(exercise, response)
    assert merged is None or kinds.grade(exercise, merged) == kinds.grade(exercise, response)


@given(st.data())
def test_overlapping_marks_are_refused(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    if not isinstance(response, tag.Response) or not response.marks:
        return
    under = data.draw(st.sampled_from(response.marks))
    word = data.draw(st.integers(under.first, under.last))
    over = tag.Mark(first=word, last=word, tag=data.draw(st.sampled_from([*exercise.body.options, tag.NONE])))
    with pytest.raises(ResponseError, match="Two tags lie on the same words"):
        kinds.parse(exercise, tag.Response(marks=[*response.marks, over]).model_dump())


# ---- right, wrong, blank, malformed ----


def test_the_key_earns_full_marks(exercise: Exercise) -> None:
    score = kinds.grade(exercise, kinds.keyed_response(exercise))
    assert score.points == score.out_of == kinds.out_of(exercise)
    assert set(score.parts.values()) <= {"fits", "found", "left", "talk"}


def test_blank_earns_nothing(exercise: Exercise) -> None:
    blank = kinds.blank(exercise)
    assert blank.blank
    assert points(exercise, blank) == 0


@pytest.mark.parametrize("seed", range(5))
def test_wrong_earns_nothing(exercise: Exercise, seed: int) -> None:
    wrong = kinds.wrong_response(exercise, random.Random(seed))
    assert points(exercise, kinds.parse(exercise, wrong.model_dump())) == 0


def test_malformed_is_refused_with_a_text(exercise: Exercise) -> None:
    for raw in kinds.malformed(exercise):
        with pytest.raises(ResponseError) as caught:
            kinds.parse(exercise, raw)
        assert caught.value.exercise == exercise.ref, raw
        assert caught.value.problems, raw
        assert all(caught.value.problems), raw


def test_responses_survive_a_round_trip(exercise: Exercise) -> None:
    for response in (kinds.keyed_response(exercise), kinds.wrong_response(exercise, random.Random(1)), kinds.blank(exercise)):
        assert kinds.parse(exercise, json.loads(json.dumps(response.model_dump()))) == response


def test_a_response_to_another_kind_is_refused(course: Course) -> None:
    deck = next(e for e in course.exercises.values() if e.body.kind == "classify")
    story = next(e for e in course.exercises.values() if e.body.kind == "tag")
    for one, other in ((deck, story), (story, deck)):
        with pytest.raises(ResponseError):
            kinds.grade(one, kinds.keyed_response(other))


# ---- keys stay here ----


def test_the_release_has_no_key_material(exercise: Exercise) -> None:
    texts = list(explanations(exercise.body.model_dump()))
    assert texts, "this test looks for texts that are there"
    dumped = kinds.strip(exercise.keyed).model_dump()
    assert not SECRET_KEYS & set(names(dumped))
    assert not [text for text in texts if text in json.dumps(dumped, ensure_ascii=False)]


def test_the_release_takes_the_same_responses_and_grades_nothing(exercise: Exercise) -> None:
    copy, response = released(exercise), kinds.keyed_response(exercise)
    assert kinds.parse(copy, response.model_dump()) == response
    assert exercise.has_key and not copy.has_key
    with pytest.raises(ResponseError, match="no answer keys"):
        kinds.grade(copy, response)


# ---- explanations ----


def test_every_explanation_is_whole(exercise: Exercise, course: Course) -> None:
    """Whatever is chosen, a scored item names the deciding question, quotes the words, and says what would change it."""
    body = exercise.keyed
    parts = [item.keyed for item in body.items] if isinstance(body, classify.Classify) else list(body.passages)
    for keyed in filter(None, parts):
        for option in [*body.options, None]:
            shown = kinds.explain.view(keyed, option, course.questions)
            assert shown["question"] and shown["words"] and shown["answer"] and shown["change"]["text"], (keyed, option)
            assert (shown["verdict"] == "fits") == (option == keyed.key)
            assert bool(shown["tempting"]) == (option not in (keyed.key, None)), (keyed, option)
            assert shown["pair"][1] == keyed.key != shown["pair"][0]


def test_contested_items_are_never_right_or_wrong(exercise: Exercise, course: Course) -> None:
    body = exercise.keyed
    contested = (
        {item.id: item.contested for item in body.items if item.contested}
        if isinstance(body, classify.Classify)
        else {part.id: part.contested for part in body.discuss}
    )
    for item, one in contested.items():
        for profile in course.profiles.values():
            for option in body.options:
                shown = kinds.explain.contested_view(one, option, profile)
                assert shown["verdict"] == "talk" and shown["best"] is None, item
                assert len(shown["views"]) >= 2, item
                assert option not in one.views or shown["views"][0]["option"] == option, item
            said = shown["profile_says"]
            assert (said is None) == (one.setting == "open"), item
            assert said is None or said["option"] in body.options, item


def test_content_version_changes_with_what_is_graded(exercise: Exercise) -> None:
    body = exercise.keyed
    assert kinds.content_version(body, exercise.family) == exercise.version
    renamed = body.model_copy(update={"title": body.title + "!"})
    approved = body.model_copy(update={"status": "approved"})
    assert kinds.content_version(renamed, exercise.family) != exercise.version
    assert kinds.content_version(approved, exercise.family) == exercise.version


# ---- how a passage is judged, word by word ----

FAMILY = Family("lee", "The Lee family", ("Sam (5)",), None, "One two three four. Five six seven eight.")


def story(**more: Any) -> tag.Tag:
    """A story of two sentences of four words: the first is harm, the second needs no tag."""
    why = {"question": "time", "words": "One", "answer": "It was."}
    wrong = {o: {**why, "tempting": "It may.", "change": "Else."} for o in ("danger", "safety")}
    passage = {"id": "p", "quote": "One two three four.", "key": "harm", "near": "danger", **why, "wrong": wrong, **more}
    leave = {"id": "l", "quote": "Five six seven eight.", "reason": "fact", "answer": "A fact.", "optional": "safety"}
    return tag.Tag.model_validate(
        {
            "kind": "tag", "title": "T", "status": "draft", "instructions": "I", "family": "lee",
            "options": ["harm", "danger", "safety"], "passages": [passage], "leave": [leave],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tags", "points", "first", "yours", "second"),
    [
        ("........", 0, "missed", None, "left"),
        ("HHHH....", 1, "found", "harm", "left"),
        ("HH......", 1, "found", "harm", "left"),
        ("H.......", 0.5, "partial", "harm", "left"),
        ("HDDD....", 0.5, "partial", "harm", "left"),
        ("DHH.....", 1, "found", "harm", "left"),
        ("D.......", 0, "different", "danger", "left"),
        ("SDD.....", 0, "different", "danger", "left"),
        ("NNNN....", 0, "missed", None, "left"),
        ("NNHH....", 1, "found", "harm", "left"),
        ("HHHHHHHH", 0.75, "found", "harm", "extra"),
        ("HHHHHH..", 0.75, "found", "harm", "extra"),
        ("HHHHH...", 1, "found", "harm", "left"),
        ("HHHHSSSS", 1, "found", "harm", "either"),
        ("HHHHDDSS", 0.75, "found", "harm", "extra"),
        ("....DDDD", 0, "missed", None, "extra"),
        ("....NNNN", 0, "missed", None, "left"),
    ],
)
def test_the_words_of_a_story(tags: str, points: float, first: str, yours: str | None, second: str) -> None:
    """`tags` has one letter for each word: harm, danger, safety, none, or a dot where nothing was marked."""
    option = {"H": "harm", "D": "danger", "S": "safety", "N": tag.NONE}
    marks = [tag.Mark(first=n, last=n, tag=option[letter]) for n, letter in enumerate(tags) if letter != "."]
    exercise, response = story(), tag.Response(marks=marks)
    assert tag.grade(exercise, response, FAMILY) == Score(points, 1.0, {"p": first, "l": second})
    assert tag.segments(exercise, FAMILY, response)[0].yours == yours


def test_another_tag_may_be_as_good() -> None:
    marks = tag.Response(marks=[tag.Mark(first=0, last=3, tag="danger")])
    assert tag.grade(story(accept=["danger"]), marks, FAMILY).points == 1
