"""A sitting: what the player may see in each mode, what is kept, what is refused."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keys import explanations, names, secret_names
from kinds_course import EVERY
from sample import ANA, KOFI, LESSON
from test_kinds import released

from sopkit import kinds, release, responses, surface
from sopkit.content import Course
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import Exercise, classify
from sopkit.model import Mode, Person, Setting
from sopkit.sitting import LONGEST, InFile, InStore, Keep, Sitting
from sopkit.store import Store
from sopkit.widgets import reply

DECK, STORY, TALK = f"{LESSON}/harm-or-danger", f"{LESSON}/story-moreno", f"{LESSON}/talk-about"
BOARD, ALONE = f"{EVERY}/map", f"{EVERY}/alone"
ONCE = [Mode.CHECK, Mode.PRE, Mode.POST]


@pytest.fixture
def sit(both: Course, store: Store, set_lesson: Callable[..., object]) -> Callable[..., Sitting]:
    """A function that seats a person at an exercise; every lesson is open for practice."""
    set_lesson()

    def seat(ref: str = DECK, person: Person = ANA, profile: str = "standard", course: Course = both) -> Sitting:
        return Sitting(course, course.exercises[ref], InStore(store, person.id, "s1", ref), person, course.profile(profile))

    return seat


def key_of(exercise: Exercise) -> dict[str, Any]:
    """Return the keyed response; for a writing other words, since there the key is the worked example itself."""
    if exercise.marked_by_hand:
        return kinds.wrong_response(exercise, random.Random(1)).model_dump()
    return kinds.keyed_response(exercise).model_dump()


def card(item: str, choice: str | None, **more: Any) -> dict[str, Any]:
    return {"answers": {item: {"choice": choice, **more}}}


def answer(sitting: Sitting, raw: Any, key: str = "key-0001") -> dict[str, Any]:
    return sitting.answer(sitting.exercise.version, key, raw)


def first_item(course: Course) -> classify.Item:
    body = course.exercises[DECK].keyed
    assert isinstance(body, classify.Classify)
    return body.items[0]


def refused(code: str, call: Callable[..., Any], *args: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args)
    assert caught.value.code == code
    return caught.value


def tells_nothing(shown: dict[str, Any], exercise: Exercise) -> bool:
    """Return whether `shown` has no key, topic, explanation or contested text of `exercise`."""
    text = json.dumps(shown, ensure_ascii=False)
    public = {"question"} | ({"label"} if exercise.body.option_ids else set())  # the question that the learner named, the options
    secret = secret_names(exercise.body.kind) - public
    return not [e for e in explanations(exercise.keyed.model_dump()) if e in text] and not secret & set(names(shown))


# ---- what may be seen, and when ----


def test_nothing_is_told_before_answering(exercise: Exercise, sit: Callable[..., Sitting], set_lesson: Callable[..., object]) -> None:
    for mode in Mode:
        set_lesson(mode)
        shown = sit(exercise.ref).view()
        assert shown["mode"] == mode
        assert tells_nothing(shown, exercise)
        if isinstance(exercise.body, classify.Deck):
            assert {frozenset(item) for item in shown["items"]} == {frozenset({"id", "danger", "text"})}
        if exercise.by_item:
            assert shown["answers"] == {} and shown["scale_answer"] is None
        else:
            assert shown["sent"] is None and shown["result"] is None


def test_practice_tells_at_once(exercise: Exercise, sit: Callable[..., Sitting]) -> None:
    told = answer(sit(exercise.ref), key_of(exercise))
    assert exercise.body.kind == "reflect" or not tells_nothing(told, exercise)
    if exercise.by_item:
        assert all(one["feedback"]["verdict"] in ("fits", "talk") for one in told["answers"].values())
    elif exercise.body.kind in ("tag", "order"):
        assert told["result"]["points"] == told["result"]["out_of"] > 0
    else:
        assert told["result"]["tries"] == 1


def test_one_card_tells_about_that_card_only(sit: Callable[..., Sitting], course: Course) -> None:
    item = first_item(course)
    told = json.dumps([answer(sit(), card(item.id, item.key)), sit().view()], ensure_ascii=False)
    others = [text for other in course.exercises[DECK].keyed.items[1:] for text in explanations(other.model_dump())]  # type: ignore[union-attr]
    assert item.answer and item.answer in told
    assert not [text for text in others if text in told]


def test_other_modes_tell_when_revealed(exercise: Exercise, sit: Callable[..., Sitting], set_lesson: Callable[..., object]) -> None:
    sitting = sit(exercise.ref)
    for mode in ONCE:
        set_lesson(mode)
        for shown in (answer(sitting, key_of(exercise), f"key-{mode:>8}"), sitting.view()):
            assert tells_nothing(shown, exercise)
            assert shown.get("result") is None
            if "summary" in shown:
                assert (shown["summary"]["fit_first"], shown["summary"]["come_back"]) == (0, [])
        set_lesson(mode, revealed=True, open=False)
        assert exercise.body.kind == "reflect" or not tells_nothing(sitting.view(), exercise)
        set_lesson(mode, revealed=False)
        assert tells_nothing(sitting.view(), exercise), "and a trainer may hide it again"


@pytest.mark.parametrize("mode", ONCE)
def test_a_check_does_not_show_what_was_answered_in_practice(
    mode: Mode, sit: Callable[..., Sitting], set_lesson: Callable[..., object], course: Course
) -> None:
    for ref in (DECK, STORY):
        answer(sit(ref), key_of(course.exercises[ref]))
    set_lesson(mode)
    assert sit(DECK).view()["answers"] == {}
    assert sit(STORY).view()["sent"] is None


def test_a_release_tells_nothing_ever(exercise: Exercise, course: Course, tmp_path: Path) -> None:
    copy = released(exercise)
    sitting = Sitting(course, copy, InFile(tmp_path, LESSON, exercise.name), None, course.profile("standard"))
    assert tells_nothing(answer(sitting, key_of(exercise)), exercise)
    shown = sitting.view()
    assert tells_nothing(shown, exercise) and shown["graded_later"] == (exercise.body.kind != "reflect")


def test_the_view_speaks_the_agency_s_words(sit: Callable[..., Sitting]) -> None:
    labels = {profile: [o["label"] for o in sit(profile=profile).view()["options"]] for profile in ("standard", "worry-wording")}
    assert labels == {"standard": ["Harm", "Danger"], "worry-wording": ["Harm", "Worry"]}


def test_contested_cards_follow_the_profile(sit: Callable[..., Sitting], course: Course) -> None:
    item = next(i for i in course.exercises[TALK].keyed.items if i.contested.setting == "near_miss")  # type: ignore[union-attr]
    said = {}
    for person, profile in ((ANA, "standard"), (KOFI, "two-ideas")):
        told = answer(sit(TALK, person, profile), card(item.id, "harm"))
        feedback = told["answers"][item.id]["feedback"]
        assert feedback["verdict"] == "talk" and feedback["views"][0]["option"] == "harm"
        said[profile] = feedback["profile_says"]["option"]
    assert said == {"standard": "complicating", "two-ideas": "harm"}


def test_cards_are_shuffled_for_each_person_and_stay_so(sit: Callable[..., Sitting]) -> None:
    ref = f"{LESSON}/mixed-a"
    orders = [[item["id"] for item in sit(ref, person).view()["items"]] for person in (ANA, ANA, KOFI)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])
    fixed = [[item["id"] for item in sit(DECK, person).view()["items"]] for person in (ANA, KOFI)]
    assert fixed[0] == fixed[1]


def test_the_sentences_of_a_story_are_all_there(sit: Callable[..., Sitting], course: Course) -> None:
    sentences = sit(STORY).view()["story"]["sentences"]
    assert [word for sentence in sentences for word in sentence["words"]] == course.families["moreno"].story.split()


# ---- answering ----


def test_practice_takes_many_tries_and_the_first_ones_count(sit: Callable[..., Sitting], course: Course) -> None:
    item = first_item(course)
    sitting = sit()
    assert answer(sitting, card(item.id, item.near), "key-0001")["answers"][item.id]["feedback"]["verdict"] == "not-quite"
    told = answer(sitting, card(item.id, item.key), "key-0002")
    assert told["answers"][item.id]["feedback"]["verdict"] == "fits"
    assert told["summary"]["answered"] == 1 and told["summary"]["fit_first"] == 0


@pytest.mark.parametrize("mode", ONCE)
@pytest.mark.parametrize("ref", [DECK, STORY])
def test_the_first_answer_of_a_check_is_kept(
    mode: Mode, ref: str, sit: Callable[..., Sitting], set_lesson: Callable[..., object], course: Course
) -> None:
    set_lesson(mode)
    exercise = course.exercises[ref]
    first = key_of(exercise)
    if ref == DECK:
        item = first_item(course)
        first, second = card(item.id, item.near), card(item.id, item.key)
    else:
        second = {"marks": first["marks"][:1]}
    answer(sit(ref), first, "key-0001")
    before = sit(ref).view()
    refused("answered", answer, sit(ref), second, "key-0002")
    assert sit(ref).view() == before


def test_the_same_message_twice_is_one_attempt(sit: Callable[..., Sitting], store: Store, set_lesson: Callable[..., object]) -> None:
    """A line that drops just after sending makes the player send again."""
    set_lesson(Mode.CHECK)
    raw = key_of(sit().exercise)
    assert answer(sit(), raw) == answer(sit(), raw)
    assert len(store.attempts(ANA.id, "s1")) == len(raw["answers"])


def test_come_back_puts_sure_and_not_quite_first(sit: Callable[..., Sitting], course: Course) -> None:
    items = course.exercises[DECK].keyed.items[:5]  # type: ignore[union-attr]
    raws = [
        card(items[0].id, items[0].near),
        card(items[1].id, None),
        card(items[2].id, items[2].near, sure=False),
        card(items[3].id, items[3].near, sure=True),
        card(items[4].id, items[4].key, sure=True),
    ]
    for number, raw in enumerate(raws):
        told = answer(sit(), raw, f"key-000{number}")
    assert told["summary"]["come_back"][0] == items[3].id
    assert sorted(told["summary"]["come_back"]) == sorted(item.id for item in items[:4])


def test_a_story_counts_tries_and_keeps_the_first_result(sit: Callable[..., Sitting], course: Course) -> None:
    right = key_of(course.exercises[STORY])
    answer(sit(STORY), {"marks": right["marks"][:1]}, "key-0001")
    told = answer(sit(STORY), right, "key-0002")
    assert (told["result"]["tries"], told["result"]["first_points"]) == (2, 1.0)
    assert told["result"]["points"] == told["result"]["out_of"]


# ---- refusals ----


@pytest.mark.parametrize("ref", [DECK, STORY])
def test_a_closed_lesson_takes_nothing(ref: str, sit: Callable[..., Sitting], set_lesson: Callable[..., object], store: Store) -> None:
    set_lesson(open=False)
    sitting = sit(ref)
    assert sitting.view()["open"] is False
    refused("closed", answer, sitting, key_of(sitting.exercise))
    refused("closed", sitting.save_draft, 0, {"a": 1})
    assert store.attempts(ANA.id, "s1") == [] and store.draft(ANA.id, "s1", ref) == (0, None)


def test_a_closed_class_takes_nothing(sit: Callable[..., Sitting], store: Store) -> None:
    session = store.session("s1")
    assert session is not None
    store.put_session(dataclasses.replace(session, open=False))
    refused("closed", answer, sit(), key_of(sit().exercise))


def test_another_version_is_refused(sit: Callable[..., Sitting], store: Store) -> None:
    sitting = sit()
    for version in ("0" * 16, None, 7, [sitting.exercise.version]):
        refused("version", sitting.answer, version, "key-0001", key_of(sitting.exercise))
    assert store.attempts(ANA.id, "s1") == []


@pytest.mark.parametrize("key", [None, 7, "", "short", "k" * 81, ["key-0001"]])
def test_an_answer_needs_a_key(sit: Callable[..., Sitting], key: Any) -> None:
    refused("malformed", sit().answer, sit().exercise.version, key, key_of(sit().exercise))


def test_malformed_blank_and_too_long_are_refused(exercise: Exercise, sit: Callable[..., Sitting], store: Store) -> None:
    sitting = sit(exercise.ref)
    for raw in kinds.malformed(exercise):
        assert refused("malformed", answer, sitting, raw).data["problems"]
    refused("blank", answer, sitting, kinds.blank(exercise).model_dump())
    refused("too_long", answer, sitting, {"answers": "x" * LONGEST})
    refused("too_long", sitting.save_draft, 0, ["x" * LONGEST])
    assert store.attempts(ANA.id, "s1") == []


def test_drafts_go_with_the_exercise_and_say_when_they_are_stale(sit: Callable[..., Sitting]) -> None:
    one, other = sit(STORY), sit(STORY)
    assert one.save_draft(0, {"marks": [1]}) == {"revision": 1}
    stale = refused("stale", other.save_draft, 0, {"marks": [2]})
    assert stale.data == {"revision": 1, "draft": {"marks": [1]}}
    assert (other.view()["revision"], other.view()["draft"]) == (1, {"marks": [1]})
    for revision in (None, "1", 1.0, True):
        refused("malformed", one.save_draft, revision, {})


def test_work_is_there_again_after_leaving(exercise: Exercise, sit: Callable[..., Sitting]) -> None:
    """A draft first, then what was sent, whatever the kind; and for nobody else."""
    raw = key_of(exercise)
    assert sit(exercise.ref).save_draft(0, raw) == {"revision": 1}
    begun = sit(exercise.ref).view()
    assert (begun["draft"], begun["revision"]) == (raw, 1)
    assert not begun.get("sent") and not begun.get("answers")
    answer(sit(exercise.ref), raw)
    shown = sit(exercise.ref).view()
    if exercise.by_item:
        again = {item: {name: one[name] for name in raw["answers"][item]} for item, one in shown["answers"].items()}
        assert again == raw["answers"] and shown["summary"]["answered"] == shown["summary"]["total"]
    else:
        assert shown["sent"] == raw and shown["draft"] is None and shown["tries_made"] == 1
    other = sit(exercise.ref, KOFI).view()
    assert other["draft"] is None and not other.get("sent") and not other.get("answers")


def test_a_draft_that_was_sent_is_no_draft(sit: Callable[..., Sitting], course: Course) -> None:
    raw = key_of(course.exercises[STORY])
    sit(STORY).save_draft(0, raw)
    answer(sit(STORY), raw)
    assert sit(STORY).view()["draft"] is None


# ---- content that changed since ----


def without_first_card(course: Course, ref: str) -> Course:
    """Return `course` as a trainer who took the first card of a deck out leaves it."""
    old = course.exercises[ref]
    body = old.keyed
    assert isinstance(body, classify.Classify)
    new = body.model_copy(update={"items": body.items[1:]})
    exercise = dataclasses.replace(old, body=new, version=kinds.content_version(new, old.around))
    return dataclasses.replace(course, exercises={**course.exercises, ref: exercise})


def test_answers_to_cards_that_are_gone_are_said_and_left_out(sit: Callable[..., Sitting], course: Course) -> None:
    answer(sit(), key_of(course.exercises[DECK]))
    changed = without_first_card(course, DECK)
    shown = sit(course=changed).view()
    assert len(shown["answers"]) == len(changed.exercises[DECK].body.items)  # type: ignore[union-attr]
    assert "no longer match" in shown["notice"]


def test_answers_made_under_another_version_are_said(sit: Callable[..., Sitting], course: Course) -> None:
    changed = without_first_card(course, DECK)
    answer(sit(course=changed), key_of(changed.exercises[DECK]))
    assert "Your answers are kept" in sit().view()["notice"]
    assert sit(person=KOFI).view()["notice"] is None


# ---- the response file of a learner's own machine ----


def in_file(course: Course, folder: Path, ref: str = DECK) -> Sitting:
    exercise = course.exercises[ref]
    copy = released(exercise)
    return Sitting(course, copy, InFile(folder, exercise.lesson, exercise.name), None, course.profile("standard"))


def test_a_file_keeps_every_kind(exercise: Exercise, both: Course, tmp_path: Path) -> None:
    raw = key_of(exercise)
    in_file(both, tmp_path, exercise.ref).save_draft(0, raw)
    assert in_file(both, tmp_path, exercise.ref).view()["draft"] == raw
    answer(in_file(both, tmp_path, exercise.ref), raw)
    shown = in_file(both, tmp_path, exercise.ref).view()
    assert len(shown["answers"]) == len(raw["answers"]) if exercise.by_item else shown["sent"] == raw
    marked = responses.mark(exercise, tmp_path)
    assert marked.score == kinds.grade(exercise, kinds.parse(exercise, raw)) and not marked.notes


def test_a_file_keeps_the_scale_of_a_board(small: Course, tmp_path: Path) -> None:
    said = {"value": 4, "not_lower": "Dana came.", "one_up": "She comes again."}
    answer(in_file(small, tmp_path, BOARD), {"answers": {}, "scale": said})
    assert in_file(small, tmp_path, BOARD).view()["scale_answer"] == said
    answer(in_file(small, tmp_path, BOARD), card("told", "find-out"))
    shown = in_file(small, tmp_path, BOARD).view()
    assert shown["scale_answer"] == said and list(shown["answers"]) == ["told"]
    answer(in_file(small, tmp_path, BOARD), {"answers": {}, "scale": {**said, "value": 5}})
    assert in_file(small, tmp_path, BOARD).view()["scale_answer"]["value"] == 5


def test_a_private_reflection_is_never_in_the_file_that_is_handed_in(small: Course, tmp_path: Path) -> None:
    exercise = small.exercises[ALONE]
    folder, private = tmp_path / "lesson", tmp_path / "home"
    folder.mkdir(), private.mkdir()

    def sitting() -> Sitting:
        return Sitting(small, exercise, InFile(folder, EVERY, exercise.name, private), None, small.profile("standard"))

    def handed_in() -> str:
        return "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())

    own = {"text": "My own kingfisher.", "shared": False}
    sitting().save_draft(0, own)
    assert sitting().view()["draft"] == own and "kingfisher" not in handed_in()
    answer(sitting(), own)
    assert sitting().view()["sent"] == own and "kingfisher" not in handed_in()
    answer(sitting(), {**own, "shared": True})
    assert "kingfisher" in handed_in() and responses.mark(exercise, folder).response == kinds.parse(exercise, {**own, "shared": True})
    answer(sitting(), own)
    assert sitting().view()["sent"] == own and "kingfisher" not in handed_in()


def test_a_file_keeps_and_merges_answers(course: Course, tmp_path: Path) -> None:
    items = course.exercises[DECK].keyed.items  # type: ignore[union-attr]
    answer(in_file(course, tmp_path), card(items[0].id, items[0].near))
    answer(in_file(course, tmp_path), card(items[1].id, items[1].key))
    answer(in_file(course, tmp_path), card(items[0].id, items[0].key))
    answer(in_file(course, tmp_path, STORY), key_of(course.exercises[STORY]))
    shown = in_file(course, tmp_path).view()
    assert {item: one["choice"] for item, one in shown["answers"].items()} == {items[0].id: items[0].key, items[1].id: items[1].key}
    marked = {ref: responses.mark(course.exercises[ref], tmp_path) for ref in (DECK, STORY, TALK)}
    assert marked[DECK].score.points == 2 and not marked[DECK].notes
    assert marked[STORY].score.points == marked[STORY].score.out_of
    assert marked[TALK].score.points == 0 and marked[TALK].notes


def test_a_file_keeps_drafts(course: Course, tmp_path: Path) -> None:
    in_file(course, tmp_path, STORY).save_draft(0, {"marks": []})
    assert in_file(course, tmp_path, STORY).view()["draft"] == {"marks": []}
    assert in_file(course, tmp_path).view()["draft"] is None


def test_a_newer_release_leaves_the_other_answers_in_the_file(course: Course, tmp_path: Path) -> None:
    answer(in_file(course, tmp_path), key_of(course.exercises[DECK]))
    changed = without_first_card(course, DECK)
    sitting = in_file(changed, tmp_path)
    count = len(changed.exercises[DECK].body.items)  # type: ignore[union-attr]
    assert len(sitting.view()["answers"]) == count
    assert "no longer match" in sitting.view()["notice"]
    item = changed.exercises[DECK].keyed.items[0]  # type: ignore[union-attr]
    answer(sitting, card(item.id, item.near))
    marked = responses.mark(changed.exercises[DECK], tmp_path)
    assert marked.score.points == count - 1 and not marked.notes


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"lesson": "02-other"}', '{"lesson": 3}', f'{{"sopkit": 9, "lesson": "{LESSON}"}}', "\x00\xff"],
)
def test_a_file_that_cannot_be_read_is_reported_and_left_alone(course: Course, tmp_path: Path, text: str) -> None:
    path = tmp_path / responses.NAME
    path.write_text(text, encoding="latin-1")
    sitting = in_file(course, tmp_path)
    for call in (sitting.view, lambda: answer(sitting, key_of(course.exercises[DECK])), lambda: sitting.save_draft(0, {})):
        with pytest.raises(ResponseError, match=r"responses\.json"):
            call()
    assert path.read_text(encoding="latin-1") == text
    marked = responses.mark(course.exercises[DECK], tmp_path)
    assert marked.score.points == 0 and "A person must look" in marked.notes[0]


def test_both_keeps_are_keeps(store: Store, tmp_path: Path) -> None:
    keeps: list[Keep] = [InStore(store, ANA.id, "s1", DECK), InFile(tmp_path, LESSON, "harm-or-danger")]
    for keep in keeps:
        assert keep.setting() == Setting() and keep.history(Mode.PRACTICE) == [] and keep.draft() == (0, None)
    assert InStore(store, ANA.id, "no such class", DECK).setting().open is False
    assert InStore(store, ANA.id, "s1", "02-other/x").setting().open is False


def test_on_one_s_own_machine_private_words_stay_at_home(small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell of a released notebook: what is private goes under the learner's home, everything else beside the notebook."""
    lesson, home = tmp_path / EVERY, tmp_path / "home"
    lesson.mkdir(), home.mkdir()
    for name, text in release.files(small, small.lessons[EVERY]):
        (lesson / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(lesson)
    monkeypatch.setenv("HOME", str(home))
    for name, raw in (("alone", {"text": "My own kingfisher.", "shared": False}), ("number", key_of(small.exercises[f"{EVERY}/number"]))):
        player = surface.exercise(name)
        shown = reply(player._handler, {"type": "hello"})["exercise"]
        message = {"type": "answer", "version": shown["version"], "key": "key-0001", "response": raw}
        assert reply(player._handler, message)["ok"]
        assert reply(surface.exercise(name)._handler, {"type": "open"})["sent"] == raw
    beside = json.loads((lesson / responses.NAME).read_text(encoding="utf-8"))
    assert list(beside["responses"]) == ["number"] and "kingfisher" not in str(beside)
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [responses.NAME] and "kingfisher" in kept[0].read_text(encoding="utf-8")
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.rglob("*") if path.is_dir() and path.name == EVERY)
