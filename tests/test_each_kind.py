"""What is each kind's own: how words of a story are judged, steps in order, marks by distance, conversations, rubrics."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopkit import kinds, plain
from sopkit.content import Course
from sopkit.errors import ResponseError
from sopkit.kinds import Around, Body, Exercise, Telling, classify, dialogue, judge, order, reflect, scale, tag, write
from sopkit.kinds.rubric import Rubric
from sopkit.model import Family, Profile, Score
from sopkit.responses import Marked

ALONE = Around()
TELLING = Telling({}, Profile(id="p", title="P", version=1, note="N"))


# ---- tag: how a passage is judged, word by word ----

FAMILY = Around(Family("lee", "The Lee family", ("Sam (5)",), None, "One two three four. Five six seven eight."))


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
    assert tag.segments(exercise, FAMILY.story, response)[0].yours == yours


def test_another_tag_may_be_as_good() -> None:
    marks = tag.Response(marks=[tag.Mark(first=0, last=3, tag="danger")])
    assert tag.grade(story(accept=["danger"]), marks, FAMILY).points == 1


# ---- order: the most steps that stand already ----


def steps(stages: list[int]) -> order.Order:
    """An exercise whose steps s0, s1, ... have these stages."""
    made = [
        {"id": f"s{n}", "text": f"Step {n}.", "stage": stage, "why": f"Why {n}.", "early": f"Early {n}.", "late": f"Late {n}."}
        for n, stage in enumerate(stages)
    ]
    return order.Order.model_validate({"kind": "order", "title": "T", "status": "draft", "instructions": "I", "steps": made})


def placed(body: order.Order) -> order.Response:
    """The steps in the order in which they stand in the exercise: then stages can be read off the list."""
    return order.Response(order=[step.id for step in body.steps])


def longest(stages: list[int]) -> list[int]:
    """The places of the longest run that never falls, tried out; of those as long, the one that stands latest."""
    places = range(len(stages))
    runs = [run for n in range(len(stages), 0, -1) for run in itertools.combinations(places, n)]
    rising = [run for run in runs if all(stages[a] <= stages[b] for a, b in itertools.pairwise(run))]
    return list(max(rising, key=lambda run: (len(run), run[::-1])))


STAGES = st.lists(st.integers(1, 4), min_size=3, max_size=8).filter(lambda stages: len(set(stages)) > 1)
MANY = st.lists(st.integers(1, 6), min_size=3, max_size=12).filter(lambda stages: len(set(stages)) > 1)


@pytest.mark.parametrize(
    ("stages", "kept"),
    [([1, 2, 3], [0, 1, 2]), ([3, 2, 1], [2]), ([2, 2, 1, 1], [2, 3]), ([1, 3, 2, 3, 2], [0, 2, 4]), ([2, 1, 2, 1, 2], [1, 3, 4])],
)
def test_the_steps_that_stay(stages: list[int], kept: list[int]) -> None:
    body = steps(stages)
    assert longest(stages) == kept
    assert order.kept(body, placed(body)) == [f"s{n}" for n in kept]


@given(STAGES)
def test_the_steps_that_stay_are_as_many_as_can_be(stages: list[int]) -> None:
    body = steps(stages)
    assert order.kept(body, placed(body)) == [f"s{n}" for n in longest(stages)]


@given(MANY, st.randoms(use_true_random=False))
def test_any_order_within_a_stage_is_as_good(stages: list[int], rng: Any) -> None:
    body = steps(stages)
    right = sorted(body.steps, key=lambda step: (step.stage, rng.random()))
    score = order.grade(body, order.Response(order=[step.id for step in right]), ALONE)
    assert score.points == score.out_of > 0


@given(MANY, st.data())
def test_moving_one_step_costs_one_at_most(stages: list[int], data: st.DataObject) -> None:
    body = steps(stages)
    before = data.draw(st.permutations([step.id for step in body.steps]))
    moved = data.draw(st.sampled_from(before))
    after = [step for step in before if step != moved]
    after.insert(data.draw(st.integers(0, len(after))), moved)
    points = [order.grade(body, order.Response(order=list(one)), ALONE).points for one in (before, after)]
    assert abs(points[0] - points[1]) <= 1


@given(MANY)
def test_backwards_earns_nothing(stages: list[int]) -> None:
    body = steps(stages)
    response = order.Response(order=[step.id for step in sorted(body.steps, key=lambda step: -step.stage)])
    assert order.grade(body, response, ALONE).points == 0


@given(MANY)
def test_each_step_to_move_is_told_where_to_and_what_is_lost(stages: list[int]) -> None:
    """Moved past the steps that stay, as it is told, every step comes to stand in order."""
    body = steps(stages)
    response, stage = placed(body), {step.id: step.stage for step in body.steps}
    told = order.feedback(body, response, ALONE, TELLING)
    stay = order.kept(body, response)
    place = response.order.index
    for one in told["steps"]:
        ahead = [kept for kept in stay if place(kept) < place(one["id"]) and stage[kept] > one["stage"]]
        behind = [kept for kept in stay if place(kept) > place(one["id"]) and stage[kept] < one["stage"]]
        wanted = "earlier" if ahead else "later" if behind else None
        number = one["id"][1:]
        assert (one["state"] == "move") == (wanted is not None) == (one["id"] not in stay)
        assert one["direction"] == wanted
        assert one["cost"] == {"earlier": f"Late {number}.", "later": f"Early {number}.", None: None}[wanted]
    best = [stage[step] for step in told["best"]]
    assert best == sorted(stages) and sorted(told["best"]) == sorted(response.order)


# ---- judge: by how near a mark is to the key's ----


@pytest.mark.parametrize(("key", "credits"), [(0, (1, 0.5, 0)), (1, (0, 1, 0)), (2, (0, 0.5, 1))])
def test_credit_by_distance(key: int, credits: tuple[float, ...]) -> None:
    assert tuple(judge.credit(key, mark) for mark in range(3)) == credits


def test_a_rating_is_graded_line_by_line(small: Course) -> None:
    exercise = small.exercises["90-every-kind/samples"]
    raw = {"answers": {"full": {"marks": {"H1": 1, "H2": 0}}, "thin": {"marks": {"H1": 0, "H2": 0, "H4": 2}}}}
    response = kinds.parse(exercise, raw)
    score = kinds.grade(exercise, response)
    assert score == Score(
        0.5 + 1, 5.0,
        {"full H1": "one-off", "full H2": "talk", "full H4": "blank", "thin H1": "same", "thin H2": "one-off", "thin H4": "one-off"},
    )  # fmt: skip
    told = kinds.feedback(exercise, response, TELLING)
    assert [(line["yours"], line["key"]) for line in told["full"]["lines"]] == [(1, 2), (0, None), (None, 2)]
    assert all(line["why"] for one in told.values() for line in one["lines"])
    assert [one["verdict"] for one in told.values()] == ["not-quite", "not-quite"]


# ---- write: what counts ----


def test_what_counts_in_a_writing_is_one_text(small: Course) -> None:
    def text(name: str, **response: Any) -> str:
        body = small.exercises[f"90-every-kind/{name}"].body
        assert isinstance(body, write.Write)
        return write.text(body, write.Response(**response))

    assert text("statement", boxes={"notes": "a thought", "statement": " Marek left. "}) == "Marek left."
    assert text("statement", boxes={"notes": "a thought"}) == ""
    assert text("parts", boxes={"what": "She may wake.", "who": "Dana"}) == "Who is worried: Dana\nWhat may happen: She may wake."
    rows = [{"who": "Dana", "act": "Stays.", "aside": "ask her"}, {"aside": "hm"}, {"act": "Rings."}]
    assert text("plan", rows=rows) == "Who: Dana\nDoes what: Stays.\n\nDoes what: Rings."


def test_a_writing_waits_and_a_blank_one_does_not(small: Course) -> None:
    exercise = small.exercises["90-every-kind/statement"]
    for raw, state in (({"boxes": {"statement": " "}}, "blank"), ({"boxes": {"statement": "Marek left."}}, "waiting")):
        assert kinds.grade(exercise, kinds.parse(exercise, raw)) == Score(0.0, 12.0, {"": state})


def test_a_table_holds_so_many_rows(small: Course) -> None:
    exercise = small.exercises["90-every-kind/plan"]
    with pytest.raises(ResponseError, match="room for 2 rows"):
        kinds.parse(exercise, {"rows": [{"who": "Dana"}] * 3})


# ---- scale, reflect ----


@pytest.mark.parametrize(
    ("raw", "points", "state"),
    [
        ({}, 0, "blank"),
        ({"value": None, "not_lower": " "}, 0, "blank"),
        ({"value": 0}, 0, "begun"),
        ({"not_lower": "Dana came."}, 0, "begun"),
        ({"value": 3, "not_lower": "Dana came.", "one_up": " "}, 0, "begun"),
        ({"value": 0, "not_lower": "Dana came.", "one_up": "She comes again."}, 1, "done"),
        ({"value": 10, "not_lower": "Dana came.", "one_up": "She comes again."}, 1, "done"),
    ],
)
def test_a_scale_asks_for_all_three_and_never_for_a_number(small: Course, raw: dict[str, Any], points: int, state: str) -> None:
    exercise = small.exercises["90-every-kind/number"]
    response = kinds.parse(exercise, raw)
    assert kinds.grade(exercise, response) == Score(points, 1.0, {"": state})
    assert response.blank == (state == "blank")


def test_the_scale_of_a_board_is_kept_and_never_counted(small: Course) -> None:
    exercise = small.exercises["90-every-kind/map"]
    full = classify.Response(answers={}, scale=scale.Response(value=2, not_lower="Dana came.", one_up="Again."))
    assert kinds.grade(exercise, full).points == 0 and not full.blank
    ((item, (part, score)),) = kinds.attempts(exercise, full).items()
    assert (item, part, score) == (classify.SCALE, full, Score(0.0, 0.0, {"scale": "done"}))
    later = classify.Response(answers={"told": classify.Answer(choice="harm")})
    assert kinds.merge(exercise, full, later).scale == full.scale  # type: ignore[attr-defined]
    with pytest.raises(ResponseError, match="no scale"):
        kinds.parse(small.exercises["90-every-kind/houses"], full.model_dump())


def test_a_private_reflection_is_not_printed(small: Course) -> None:
    exercise = small.exercises["90-every-kind/alone"]
    for shared in (False, True):
        response = reflect.Response(text="My own words.", shared=shared)
        page = plain.html(exercise, Marked(kinds.grade(exercise, response), response), small.options)
        assert ("My own words." in page) == shared


def test_done_counts_what_is_there_now(small: Course) -> None:
    deck, board, samples = (small.exercises[f"90-every-kind/{name}"] for name in ("cards", "map", "samples"))
    assert deck.done({"alone", "gone", "stays"}) == 2
    assert board.done({"told", "scale"}) == 1
    assert samples.done({"thin", "gone"}) == 1
    talk = small.exercises["90-every-kind/talk"]
    assert [talk.done(said) for said in ({"door"}, {"door", "stiff"}, {"door", "better"})] == [0, 0, 1]


# ---- dialogue: the way through a conversation ----


def said(**choices: str) -> dialogue.Response:
    return dialogue.Response(answers={turn: dialogue.Chosen(choice=choice) for turn, choice in choices.items()})


@pytest.mark.parametrize(
    ("choices", "way", "parts"),
    [
        ({}, [], {}),
        ({"door": "ask"}, ["ask"], {"door": "fits"}),
        ({"door": "thank", "better": "leave"}, ["thank", "leave"], {"door": "partly", "better": "not-quite"}),
        ({"better": "leave", "door": "press"}, ["press"], {"door": "not-quite"}),
        (
            {"door": "press", "stiff": "turn", "better": "exception"},
            ["press", "turn", "exception"],
            {"door": "not-quite", "stiff": "fits", "better": "fits"},
        ),
        ({"stiff": "turn", "better": "exception"}, [], {}),
    ],
)
def test_the_way_through_a_conversation(small: Course, choices: dict[str, str], way: list[str], parts: dict[str, str]) -> None:
    exercise = small.exercises["90-every-kind/talk"]
    body = exercise.keyed
    assert isinstance(body, dialogue.Dialogue)
    response = said(**choices)
    assert [choice.id for _, choice in dialogue.path(body, response)] == way
    assert kinds.grade(exercise, response) == Score(0.0, 0.0, parts)
    assert [words for _, words, _ in kinds.rows(exercise, response, {})] == [c.text for _, c in dialogue.path(body, response)]


def test_a_conversation_that_goes_round_ends(small: Course) -> None:
    """Content that is checked only goes forward; a response file may be older."""
    body = small.exercises["90-every-kind/talk"].keyed
    assert isinstance(body, dialogue.Dialogue)
    first = body.turns[0]
    again = first.model_copy(update={"choices": [c.model_copy(update={"next": "door"}) for c in first.choices]})
    assert len(dialogue.path(body.model_copy(update={"turns": [again]}), said(door="ask"))) == 1


def test_each_turn_is_told_by_itself(small: Course) -> None:
    told = kinds.feedback(small.exercises["90-every-kind/talk"], said(door="press", better="exception"), TELLING)
    assert set(told) == {"door", "better"}
    assert told["door"]["verdict"] == "not-quite" and [one["id"] for one in told["door"]["best"]] == ["ask"]
    assert told["door"]["take_away"] is None and told["better"]["take_away"] and told["better"]["best"] == []


# ---- rubrics ----


@pytest.mark.parametrize(
    ("marks", "level"),
    [
        ("222222", 3),
        ("222221", 2),
        ("222220", 2),  # H6 is not a core line
        ("111111", 2),
        ("212121", 2),
        ("022222", 1),
        ("222022", 1),
        ("202022", 0),
        ("002022", 0),
        ("220222", 0),  # another type of statement than asked for
        ("020222", 0),
        ("221222", 2),
        ("222200", 1),
        ("000000", 0),
    ],
)
def test_the_level_of_a_harm_statement(course: Course, marks: str, level: int) -> None:
    """The rule of the rubrics: type of statement first, then how many core lines (H1, H2, H4, H5) are missing."""
    rubric = course.rubrics["harm-statement"]
    assert rubric.level(dict(zip(rubric.ids, map(int, marks), strict=True))) == level


@pytest.mark.parametrize(
    ("skill", "marks", "level"), [("danger-statement", "220222", 0), ("safety-goal", "222220", 1), ("safety-goal", "022220", 0)]
)
def test_the_level_of_other_skills(course: Course, skill: str, marks: str, level: int) -> None:
    rubric = course.rubrics[skill]
    assert rubric.level(dict(zip(rubric.ids, map(int, marks), strict=True))) == level


@given(st.lists(st.integers(0, 2), min_size=6, max_size=6), st.integers(0, 5))
def test_a_better_mark_never_lowers_the_level(course: Course, marks: list[int], line: int) -> None:
    for rubric in course.rubrics.values():
        given_marks = dict(zip(rubric.ids, marks, strict=True))
        better = {**given_marks, rubric.ids[line]: min(2, marks[line] + 1)}
        assert 0 <= rubric.level(given_marks) <= rubric.level(better) <= 3


def test_every_rubric_is_whole(course: Course) -> None:
    for rubric in course.rubrics.values():
        assert rubric.out_of == 12 and len(rubric.ids) == 6 and rubric.exemplars, rubric.id
        assert {comment.for_ for criterion in rubric.criteria for comment in criterion.comments} == {0, 1, 2}, rubric.id


@pytest.mark.parametrize("change", [{"wrong_type": "H9"}, {"criteria": 2}, {"parts": [{"label": "L", "help": "H", "criterion": "H9"}]}])
def test_a_rubric_that_does_not_hold_together_is_refused(course: Course, change: dict[str, Any]) -> None:
    whole = course.rubrics["harm-statement"].model_dump(by_alias=True)
    if "criteria" in change:
        change = {"criteria": [*whole["criteria"], whole["criteria"][0]]}
    with pytest.raises(ValueError, match="criteria"):
        Rubric.model_validate({**whole, **change})


# ---- faults of content that the types do not refuse ----

Change = Callable[[dict[str, Any]], Any]


def _set(*path: Any, to: Any) -> Change:
    """Return a function that puts `to` at a place of a dumped exercise."""

    def change(body: dict[str, Any]) -> None:
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = to

    return change


FAULTS: list[tuple[str, Change, str]] = [
    ("map", _set("items", 0, "id", to="scale"), "item scale"),
    ("cards", _set("items", 1, "id", to="alone"), "item alone"),
    ("samples", _set("criteria", to=["H1", "H9"]), "criteria"),
    ("samples", _set("samples", 1, "id", to="full"), "sample full"),
    ("samples", _set("samples", 0, "differ", to={}), "sample full, key"),
    ("samples", _set("samples", 0, "differ", "H1", to="Both?"), "sample full, key"),
    ("samples", _set("samples", 1, "key", "H4", "words", to="no such words"), "sample thin, key.H4.words"),
    ("steps", _set("steps", 1, "id", to="welcome"), "step welcome"),
    ("steps", _set("steps", 5, "stage", to=5), "steps"),
    ("steps", _set("steps", 5, "early", to=None), "step plan, early"),
    ("steps", _set("steps", 0, "late", to=None), "step welcome, late"),
    ("statement", _set("boxes", 0, "id", to="statement"), "box statement"),
    ("statement", _set("boxes", 1, "counts", to=False), "boxes"),
    ("statement", _set("family", to=None), "given"),
    ("plan", _set("table", "least", to=3), "table, least"),
    ("plan", _set("table", "columns", 1, "id", to="who"), "column who"),
    ("plan", lambda body: [_set("table", "columns", n, "counts", to=False)(body) for n in range(3)], "table, columns"),
    ("talk", _set("turns", 1, "id", to="better"), "turn better"),
    ("talk", _set("turns", 0, "choices", 1, "id", to="ask"), "turn door, choice ask"),
    ("talk", _set("turns", 0, "choices", 0, "fits", to="partly"), "turn door, choices"),
    ("talk", _set("turns", 2, "choices", 1, "fits", to="yes"), "turn better, choices"),
    ("talk", _set("turns", 2, "choices", 0, "next", to="door"), "turn better, choice exception, next"),
    ("talk", _set("turns", 0, "choices", 0, "next", to="nowhere"), "turn door, choice ask, next"),
    ("talk", _set("turns", 0, "choices", 0, "next", to=None), "turn door, choices"),
    ("talk", _set("turns", 0, "choices", 2, "next", to="better"), "turn stiff"),
    ("alone", _set("prompts", to=[]), "prompts"),
]


@pytest.mark.parametrize(("name", "change", "place"), FAULTS, ids=[f"{name}: {place}" for name, _, place in FAULTS])
def test_a_fault_of_content_is_named(small: Course, name: str, change: Change, place: str) -> None:
    exercise = small.exercises[f"90-every-kind/{name}"]
    whole = exercise.body.model_dump()
    change(whole)
    body: Body = type(exercise.body).model_validate(whole)
    faults = list(kinds.content_faults(body, exercise.around, small.questions))
    assert place in {at for at, _, _ in faults}, faults
    assert all(found and expected for _, found, expected in faults)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("map", _set("layout", to="cards")),
        ("cards", _set("scale", to={"question": "Q", "low": "L", "high": "H"})),
        ("cards", _set("items", 0, "contested", to={"setting": "open", "discuss": "D", "views": {}})),
        ("cards", _set("items", 0, "near", to=None)),
        ("statement", _set("boxes", to=[])),
        ("plan", _set("boxes", to=[{"id": "more", "label": "More"}])),
        ("number", _set("consider", to=["One side only."])),
        ("steps", _set("steps", 0, "stage", to=0)),
        ("samples", _set("samples", 1, "key", "H1", "mark", to=3)),
        ("talk", _set("turns", 0, "choices", 0, "fits", to="maybe")),
    ],
)
def test_what_no_exercise_can_be_is_refused_by_its_type(small: Course, name: str, change: Change) -> None:
    exercise: Exercise = small.exercises[f"90-every-kind/{name}"]
    whole = exercise.body.model_dump()
    type(exercise.body).model_validate(whole)
    change(whole)
    with pytest.raises(ValueError, match="validation error"):
        type(exercise.body).model_validate(whole)
