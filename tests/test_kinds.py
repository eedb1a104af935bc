"""Every exercise of the course, and one of every kind: what earns marks, what is refused, what a learner may hold."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keys import explanations, names, secret_names, texts

from sopkit import kinds, plain, release
from sopkit.content import Course
from sopkit.errors import ResponseError
from sopkit.kinds import Exercise, Reply, Telling, classify, dialogue, judge, order, reflect, scale, tag, write
from sopkit.kinds.base import LONGEST_WRITING
from sopkit.responses import Marked

TYPED = st.text(max_size=60)
DONE = {
    "classify": {"fits", "talk"}, "tag": {"found", "left", "talk"}, "judge": {"same", "talk"}, "order": {"in-place"}, "write": {"waiting"},
    "scale": {"done"}, "dialogue": {"fits"}, "reflect": {"written"},
}  # fmt: skip
"""How the parts of a response come out that does all its kind asks."""


def released(exercise: Exercise) -> Exercise:
    """Return `exercise` as a learner holds it."""
    rubric = release.public(exercise.rubric) if exercise.rubric else None
    return Exercise(exercise.ref, exercise.number, kinds.strip(exercise.keyed), exercise.version, exercise.family, rubric)


def points(exercise: Exercise, response: Reply) -> float:
    return kinds.grade(exercise, response).points


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# ---- any well-formed response ----


def scaled() -> st.SearchStrategy[scale.Response]:
    return st.builds(scale.Response, value=st.integers(0, 10) | st.none(), not_lower=TYPED, one_up=TYPED)


def answers(values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=values)


@st.composite
def responses(draw: st.DrawFn, exercise: Exercise) -> Reply:
    """Any response that `exercise` takes, whole or in part, in any order."""
    body = exercise.body
    match body:
        case classify.Deck():
            answer = st.builds(
                classify.Answer,
                choice=st.sampled_from([*body.options, None]),
                sure=st.sampled_from([True, False, None]),
                question=st.sampled_from(["time", "effect", None]),
            )
            asked = draw(st.none() | scaled()) if body.scale else None
            return classify.Response(answers=draw(answers({item.id: answer for item in body.items})), scale=asked)
        case tag.Story():
            last = len(exercise.around.story.story.split()) - 1
            cuts = sorted(draw(st.sets(st.integers(0, last), max_size=40)))
            tags = draw(st.lists(st.sampled_from([*body.options, tag.NONE]), min_size=len(cuts), max_size=len(cuts)))
            ends = [draw(st.integers(first, after - 1)) for first, after in zip(cuts, [*cuts[1:], last + 1], strict=False)]
            return tag.Response(marks=[tag.Mark(first=a, last=b, tag=t) for a, b, t in zip(cuts, ends, tags, strict=True)])
        case judge.Samples():
            marks = answers({criterion.id: st.integers(0, 2) for criterion in judge.asked(body, exercise.around)})
            rating = st.builds(judge.Rating, marks=marks)
            return judge.Response(answers=draw(answers({sample.id: rating for sample in body.samples})))
        case order.Steps():
            return order.Response(order=draw(st.permutations([step.id for step in body.steps]) | st.just([])))
        case write.Write(table=None):
            return write.Response(boxes=draw(answers({box.id: TYPED for box in body.boxes})))
        case write.Write():
            assert body.table is not None
            row = answers({box.id: TYPED for box in body.table.columns})
            return write.Response(rows=draw(st.lists(row, max_size=body.table.most)))
        case scale.Scale():
            return draw(scaled())
        case dialogue.Talk():
            said = {turn.id: st.builds(dialogue.Chosen, choice=st.sampled_from([c.id for c in turn.choices])) for turn in body.turns}
            return dialogue.Response(answers=draw(answers(said)))
        case reflect.Reflect():
            return draw(st.builds(reflect.Response, text=TYPED, shared=st.booleans()))
    raise AssertionError(f"{body.kind} is new: say here what a response to it can be")


def cleared(marks: list[tag.Mark], first: int, last: int) -> list[tag.Mark]:
    """Return `marks` with nothing left on the words `first` to `last`."""
    kept = []
    for mark in marks:
        sides = [(mark.first, min(mark.last, first - 1)), (max(mark.first, last + 1), mark.last)]
        kept += [tag.Mark(first=a, last=b, tag=mark.tag) for a, b in dict.fromkeys(sides) if a <= b]
    return kept


def mended(exercise: Exercise, response: Reply, part: int) -> Reply:
    """Return `response` with one card, sample or passage given its key; the whole of it, where it has no parts."""
    right = kinds.keyed_response(exercise)
    match response, right:
        case (classify.Response(), classify.Response()) | (judge.Response(), judge.Response()):
            item = list(right.answers)[part % len(right.answers)]
            return response.model_copy(update={"answers": {**response.answers, item: right.answers[item]}})
        case tag.Response(), tag.Response():
            mark = right.marks[part % len(right.marks)]
            return tag.Response(marks=[*cleared(response.marks, mark.first, mark.last), mark])
    return right


@given(st.data())
def test_points_are_within_bounds_and_grading_is_repeatable(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    score = kinds.grade(exercise, response)
    assert 0 <= score.points <= score.out_of == kinds.out_of(exercise)
    assert score == kinds.grade(exercise, kinds.parse(exercise, response.model_dump()))


@given(st.data())
def test_the_order_of_answers_does_not_matter(exercise: Exercise, data: st.DataObject) -> None:
    response = other = data.draw(responses(exercise))
    if isinstance(response, tag.Response):
        other = tag.Response(marks=data.draw(st.permutations(response.marks)))
    elif exercise.by_item:
        given_answers = response.answers  # type: ignore[attr-defined]
        other = response.model_copy(update={"answers": dict(data.draw(st.permutations(list(given_answers.items()))))})
    assert kinds.grade(exercise, other) == kinds.grade(exercise, response)


@given(st.data())
def test_mending_one_answer_never_costs_a_point(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    better = mended(exercise, response, data.draw(st.integers(0, 200)))
    assert points(exercise, kinds.parse(exercise, better.model_dump())) >= points(exercise, response)


@given(st.data())
def test_attempts_are_worth_the_same_as_the_whole(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    parts = kinds.attempts(exercise, response)
    merged: Reply | None = None
    for part, score in parts.values():
        assert 0 <= score.points <= score.out_of
        merged = kinds.merge(exercise, merged, part)
    assert sum(score.points for _, score in parts.values()) == points(exercise, response)
    assert merged is None or kinds.grade(exercise, merged) == kinds.grade(exercise, response)
    assert merged is None or merged.blank or kinds.rows(exercise, merged, {}) == kinds.rows(exercise, response, {})


@given(st.data())
def test_what_comes_later_stands(exercise: Exercise, data: st.DataObject) -> None:
    earlier, later = data.draw(responses(exercise)), data.draw(responses(exercise))
    merged = kinds.merge(exercise, earlier, later)
    assert kinds.parse(exercise, merged.model_dump()) == merged
    assert kinds.merge(exercise, None, later) == later == kinds.merge(exercise, later, later)
    assert kinds.merge(exercise, merged, later) == merged
    if exercise.by_item:
        assert merged.answers == {**earlier.answers, **later.answers}  # type: ignore[attr-defined]
    else:
        assert merged == later


@given(st.data())
def test_overlapping_marks_are_refused(exercise: Exercise, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    if not isinstance(response, tag.Response) or not response.marks:
        return
    under = data.draw(st.sampled_from(response.marks))
    word = data.draw(st.integers(under.first, under.last))
    over = tag.Mark(first=word, last=word, tag=data.draw(st.sampled_from([*exercise.body.option_ids, tag.NONE])))
    with pytest.raises(ResponseError, match="Two tags lie on the same words"):
        kinds.parse(exercise, tag.Response(marks=[*response.marks, over]).model_dump())


@given(st.data())
def test_every_response_can_be_printed_and_explained(exercise: Exercise, course: Course, data: st.DataObject) -> None:
    response = data.draw(responses(exercise))
    labels = {option.id: option.label for option in course.options.values()}
    lines = kinds.rows(exercise, response, labels)
    assert all(len(line) == 3 and all(isinstance(cell, str) for cell in line) for line in lines)
    assert all(words.strip() for words, _, _ in lines)
    page = plain.html(exercise, Marked(kinds.grade(exercise, response), response), course.options)
    assert page.count("<tr>") == len(lines) + 1
    told = kinds.feedback(exercise, response, Telling(course.questions, course.profile("standard")))
    assert json.loads(dumped(told)) == told


# ---- right, wrong, blank, malformed ----


def test_the_key_earns_all_that_the_machine_gives(exercise: Exercise) -> None:
    score = kinds.grade(exercise, kinds.keyed_response(exercise))
    assert score.out_of == kinds.out_of(exercise)
    assert score.points == (0 if exercise.marked_by_hand else score.out_of)
    assert set(score.parts.values()) <= DONE[exercise.body.kind]
    assert exercise.body.kind not in ("dialogue", "reflect") or score.out_of == 0


def test_the_attempts_of_a_whole_response_make_its_worth(exercise: Exercise) -> None:
    parts = kinds.attempts(exercise, kinds.keyed_response(exercise))
    assert sum(score.out_of for _, score in parts.values()) == kinds.out_of(exercise)
    assert exercise.done(set(parts)) == exercise.size


def test_blank_earns_nothing(exercise: Exercise) -> None:
    blank = kinds.blank(exercise)
    assert blank.blank
    assert points(exercise, blank) == 0
    assert not kinds.keyed_response(exercise).blank


@pytest.mark.parametrize("seed", range(3))
def test_wrong_earns_nothing(exercise: Exercise, seed: int) -> None:
    wrong = kinds.wrong_response(exercise, random.Random(seed))
    assert not wrong.blank
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


def test_a_response_to_another_kind_is_refused(both: Course) -> None:
    one_of_each = {exercise.body.kind: exercise for exercise in both.exercises.values()}
    assert set(one_of_each) == set(kinds.KINDS)
    for kind, exercise in one_of_each.items():
        for other, another in one_of_each.items():
            if kind != other:
                with pytest.raises(ResponseError):
                    kinds.grade(exercise, kinds.keyed_response(another))


def test_every_layout_is_tested(both: Course) -> None:
    layouts = {exercise.body.layout for exercise in both.exercises.values() if isinstance(exercise.body, classify.Deck)}
    assert layouts == {"cards", "map", "houses", "circles"}


def test_a_text_may_be_as_long_as_a_box_holds_and_no_longer(small: Course) -> None:
    fits = {"text": "x" * LONGEST_WRITING, "shared": False}
    exercise = next(e for e in small.exercises.values() if e.body.kind == "reflect")
    assert kinds.parse(exercise, fits)
    with pytest.raises(ResponseError):
        kinds.parse(exercise, {**fits, "text": fits["text"] + "x"})  # type: ignore[operator]


def test_an_exercise_says_how_long_it_is(exercise: Exercise) -> None:
    assert exercise.size >= 1 and exercise.kind.minutes(exercise.body) >= 1 and exercise.kind.UNIT
    assert exercise.done(set()) == 0


# ---- keys stay here ----


def test_the_release_has_no_key_material(exercise: Exercise) -> None:
    secret = list(explanations(exercise.body.model_dump()))
    assert secret or exercise.body.kind == "reflect", "this test looks for texts that are there"
    stripped = kinds.strip(exercise.keyed).model_dump()
    assert not secret_names(exercise.body.kind) & set(names(stripped))
    assert not [text for text in secret if text in dumped(stripped)]


def test_what_is_shown_has_no_key_material(exercise: Exercise) -> None:
    secret = list(explanations(exercise.body.model_dump()))
    shown = kinds.show(exercise, "a1")
    assert shown == kinds.show(exercise, "a1") == kinds.show(released(exercise), "a1")
    assert not secret_names(exercise.body.kind) & set(names(shown))
    assert not [text for text in secret if text in dumped(shown)]


def test_the_release_takes_the_same_responses_and_grades_nothing(exercise: Exercise) -> None:
    copy, response = released(exercise), kinds.keyed_response(exercise)
    assert kinds.parse(copy, response.model_dump()) == response
    assert (copy.size, copy.by_item, copy.marked_by_hand) == (exercise.size, exercise.by_item, exercise.marked_by_hand)
    assert exercise.has_key
    if exercise.body.kind != "reflect":  # it has no key to take out
        assert not copy.has_key
        with pytest.raises(ResponseError, match="no answer keys"):
            kinds.grade(copy, response)


def test_release_files_hold_what_is_stripped_and_no_more(both: Course, tmp_path: Path) -> None:
    for lesson in both.lessons.values():
        (tmp_path / lesson.id).mkdir()
        for name, text in release.files(both, lesson):
            (tmp_path / lesson.id / name).write_text(text, encoding="utf-8")
        alone = release.read(tmp_path / lesson.id)
        for exercise in both.of(lesson.id):
            copy = released(exercise)
            assert alone.exercises[exercise.ref] == copy
            file = json.loads((tmp_path / lesson.id / f"{exercise.name}.json").read_text(encoding="utf-8"))
            assert not secret_names(exercise.body.kind) & set(names(file)), exercise.ref
            if exercise.rubric:
                whole, public = set(texts(exercise.rubric.model_dump())), set(texts(release.public(exercise.rubric).model_dump()))
                assert whole > public
                assert not [text for text in whole - public if len(text.split()) > 2 and text in dumped(file)], exercise.ref


# ---- versions ----


def test_content_version_changes_with_what_is_graded(exercise: Exercise) -> None:
    body, around = exercise.keyed, exercise.around
    assert kinds.content_version(body, around) == exercise.version
    renamed = body.model_copy(update={"title": body.title + "!"})
    approved = body.model_copy(update={"status": "approved"})
    assert kinds.content_version(renamed, around) != exercise.version
    assert kinds.content_version(approved, around) == exercise.version


def test_content_version_stays_when_a_default_is_spelled_out(exercise: Exercise) -> None:
    spelled_out = type(exercise.body).model_validate(exercise.body.model_dump())
    assert spelled_out.model_dump(exclude_unset=True) == spelled_out.model_dump()
    assert kinds.content_version(spelled_out, exercise.around) == exercise.version


def test_content_version_follows_the_anchors_of_a_rubric_and_not_its_comments(small: Course) -> None:
    exercise = next(e for e in small.exercises.values() if e.rubric)
    rubric = exercise.around.criteria
    first = rubric.criteria[0]
    for change, same in (({"comments": []}, True), ({"ask": "Else?"}, True), ({"anchors": ["a", "b", "c"]}, False)):
        other = rubric.model_copy(update={"criteria": [first.model_copy(update=change), *rubric.criteria[1:]]})
        assert (kinds.content_version(exercise.body, kinds.Around(exercise.family, other)) == exercise.version) == same, change


# ---- explanations of cards and passages ----


def keyed_parts(exercise: Exercise) -> list[kinds.explain.Keyed]:
    """Return the keys of a deck's cards or a story's passages."""
    match exercise.keyed:
        case classify.Classify(items=items):
            return [item.keyed for item in items if item.keyed is not None]
        case tag.Tag(passages=passages):
            return list(passages)
    return []


def test_every_explanation_is_whole(exercise: Exercise, course: Course) -> None:
    """Whatever is chosen, a scored item names the deciding question, quotes the words, and says what would change it."""
    for keyed in keyed_parts(exercise):
        for option in [*exercise.body.option_ids, None]:
            shown = kinds.explain.view(keyed, option, course.questions)
            assert shown["question"] and shown["words"] and shown["answer"] and shown["change"]["text"], (keyed, option)
            assert (shown["verdict"] == "fits") == (option == keyed.key)
            assert bool(shown["tempting"]) == (option not in (keyed.key, None)), (keyed, option)
            assert shown["pair"][1] == keyed.key != shown["pair"][0]


def test_contested_items_are_never_right_or_wrong(exercise: Exercise, course: Course) -> None:
    contested: dict[str, kinds.explain.Contested] = {}
    match exercise.keyed:
        case classify.Classify(items=items):
            contested = {item.id: item.contested for item in items if item.contested}
        case tag.Tag(discuss=discuss):
            contested = {part.id: part.contested for part in discuss}
    for item, one in contested.items():
        for profile in course.profiles.values():
            for option in exercise.body.option_ids:
                shown = kinds.explain.contested_view(one, option, profile)
                assert shown["verdict"] == "talk" and shown["best"] is None, item
                assert len(shown["views"]) >= 2, item
                assert option not in one.views or shown["views"][0]["option"] == option, item
            said = shown["profile_says"]
            assert (said is None) == (one.setting == "open"), item
            assert said is None or said["option"] in exercise.body.option_ids, item
