"""A small course with an exercise of every kind and layout, so that each is tested whatever the real course has.

Its options, questions, profiles and rubrics are the real course's; its family and its words are its own.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml
from sample import ROOT

from sopkit import content
from sopkit.content import Course

EVERY = "90-every-kind"
Dumped = dict[str, Any]

STORY = (
    "Petra (6) lives with her father, Marek. On Tuesday night Marek left her alone in the flat for three hours. Petra could not find him"
    " and cried until a neighbor came. Her aunt Dana reads to Petra every evening.\n\n"
    "Nobody has asked the school yet. The worker visited on Friday. Since then Marek has asked Dana to stay whenever he works late, and"
    " she has come four times. Dana is worried that Marek may go out again one night, and that Petra could be frightened. Marek fell asleep"
    " once while Petra was in the bath, and she was fine."
)


def build(root: Path) -> Course:
    """Write the small course under `root` and return it as it is read from there."""
    shutil.copytree(ROOT / "course", root / "course", ignore=shutil.ignore_patterns("families", ".*"))
    head = yaml.safe_load((root / "course" / "course.yml").read_text(encoding="utf-8"))
    _put(root / "course" / "course.yml", {**head, "title": "Every kind", "lessons": [EVERY]})
    (root / "course" / "families").mkdir()
    front = yaml.safe_dump({"title": "The Linden family", "people": ["Petra (6)", "Marek", "Dana"]})
    (root / "course" / "families" / "linden.md").write_text(f"---\n{front}---\n{STORY}\n", encoding="utf-8")
    folder = root / content.SOURCE / EVERY
    folder.mkdir(parents=True)
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# One of each kind\n\nA short lead."}]
    for name, body in EXERCISES.items():
        _put(folder / f"{name}.yml", {"status": "draft", "instructions": f"Do what {name} asks.", **body})
        source = f'from sopkit import exercise\n\nexercise("{name}")'
        cells.append({"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source})
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{EVERY}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return content.load(root)


def _put(path: Path, value: Dumped) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _keyed(name: str, options: list[str], key: str, near: str, words: str, question: str = "effect") -> Dumped:
    """Return a key with an explanation for every option; `words` are those that decide."""
    why = {"question": question, "words": words}
    wrong = {
        option: {
            **why,
            "answer": f"In {name} these words do not tell what {option} asks for.",
            "tempting": f"At first sight {name} may look like {option}.",
            "change": f"Had {name} told of something else, {option} would fit it.",
        }
        for option in options
        if option != key
    }
    return {"key": key, "near": near, **why, "answer": f"In {name} these words tell what {key} asks for.", "wrong": wrong}


def _card(id: str, text: str, options: list[str], key: str, near: str, words: str) -> Dumped:
    return {"id": id, "topic": "supervision", "text": text, **_keyed(f"card {id}", options, key, near, words)}


def _to_talk_about(*options: str, by_setting: Dumped | None = None) -> Dumped:
    return {
        "setting": "near_miss" if by_setting else "open",
        "by_setting": by_setting or {},
        "discuss": "What would each of you want to hear from Marek before you decide?",
        "views": {option: f"Some agencies would say {option}, and have thought about why." for option in options},
    }


TERMS = ["harm", "danger", "safety", "strength"]
COLUMNS = ["harm", "danger", "strength", "goal", "step", "find-out", "safety"]
HOUSES = ["house-worries", "house-good", "house-dreams"]
CIRCLES = ["circle-inner", "circle-middle", "circle-outer"]

CARDS: Dumped = {
    "kind": "classify",
    "title": "Four cards",
    "options": TERMS,
    "ask_question": True,
    "items": [
        _card("alone", "On Tuesday Marek left Petra alone, and she cried for an hour.", TERMS, "harm", "danger", "she cried"),
        _card("again", "Dana fears that Marek may leave Petra alone and that she could get hurt.", TERMS, "danger", "harm", "may leave"),
        _card("stays", "Marek has asked Dana to stay four times, and she came each time.", TERMS, "safety", "strength", "four times"),
        {
            "id": "bath",
            "danger": "Dana is worried about water.",
            "text": "Marek fell asleep while Petra was in the bath. She was fine.",
            "topic": "supervision",
            "contested": _to_talk_about("harm", "danger", by_setting={"harm": "harm", "not_harm": "danger"}),
        },
    ],
}

MAP: Dumped = {
    "kind": "classify",
    "title": "A map of the Linden family",
    "layout": "map",
    "family": "linden",
    "order": "fixed",
    "options": COLUMNS,
    "scale": {
        "question": "How safe is Petra tonight?",
        "low": "She cannot stay for one more night.",
        "high": "Everybody would sleep well, and nobody would need to look in.",
        "not_lower": "What has somebody done already?",
    },
    "items": [
        _card("four-times", "Dana has stayed four times while Marek worked.", COLUMNS, "safety", "strength", "stayed four times"),
        _card("told", "A caller thinks that Marek may have gone out in May too.", COLUMNS, "find-out", "harm", "A caller thinks"),
        _card("friday", "Dana will show Petra on Friday how to ring her.", COLUMNS, "step", "goal", "on Friday"),
        {
            "id": "unsure",
            "text": "Petra told Dana that the nights are long.",
            "topic": "voice of the child",
            "contested": _to_talk_about("harm", "find-out"),
        },
    ],
}

HOUSES_BOARD: Dumped = {
    "kind": "classify",
    "title": "Petra's three houses",
    "layout": "houses",
    "options": HOUSES,
    "items": [
        _card("dark", "“I do not like it when it is dark and Papa is out.”", HOUSES, "house-worries", "house-dreams", "I do not like it"),
        _card("reading", "“Dana does all the voices when she reads.”", HOUSES, "house-good", "house-dreams", "Dana does all the voices"),
        _card("breakfast", "“I want Papa there at breakfast every day.”", HOUSES, "house-dreams", "house-good", "I want Papa"),
    ],
}

CIRCLES_BOARD: Dumped = {
    "kind": "classify",
    "title": "Who stands around Petra?",
    "layout": "circles",
    "options": CIRCLES,
    "scale": {"question": "How strong is this network?", "low": "Marek is alone.", "high": "Four people would come tonight."},
    "items": [
        _card("dana", "Dana heard about Tuesday and comes when she is asked.", CIRCLES, "circle-inner", "circle-middle", "comes when"),
        _card(
            "coach", "The swimming coach likes Petra and has not heard of it.", CIRCLES, "circle-outer", "circle-middle", "has not heard"
        ),
    ],
}


def _part(id: str, quote: str, key: str, near: str, words: str) -> Dumped:
    return {"id": id, "quote": quote, **_keyed(f"part {id}", TERMS, key, near, words)}


TAGGED: Dumped = {
    "kind": "tag",
    "title": "The Lindens' story",
    "family": "linden",
    "options": TERMS,
    "passages": [
        _part(
            "tuesday",
            "On Tuesday night Marek left her alone in the flat for three hours. Petra could not find him and cried until a neighbor came.",
            "harm",
            "danger",
            "cried until a neighbor came",
        ),
        _part("evening", "Her aunt Dana reads to Petra every evening.", "strength", "safety", "reads to Petra"),
        {
            **_part(
                "four",
                "Since then Marek has asked Dana to stay whenever he works late, and she has come four times.",
                "safety",
                "strength",
                "she has come four times",
            ),
            "accept": ["strength"],
        },
        _part(
            "worry",
            "Dana is worried that Marek may go out again one night, and that Petra could be frightened.",
            "danger",
            "harm",
            "may go out again",
        ),
    ],
    "leave": [
        {"id": "who", "quote": "Petra (6) lives with her father, Marek.", "reason": "fact", "answer": "This only says who lives there."},
        {
            "id": "school",
            "quote": "Nobody has asked the school yet.",
            "reason": "unknown",
            "answer": "What the school knows is still open.",
            "optional": "danger",
        },
        {
            "id": "visit",
            "quote": "The worker visited on Friday.",
            "reason": "system",
            "answer": "A visit is something that the agency did.",
        },
    ],
    "discuss": [
        {
            "id": "asleep",
            "quote": "Marek fell asleep once while Petra was in the bath, and she was fine.",
            "contested": _to_talk_about("harm", "danger", by_setting={"harm": "harm", "not_harm": "danger"}),
        }
    ],
}

RATED: Dumped = {
    "kind": "judge",
    "title": "Two harm statements",
    "rubric": "harm-statement",
    "family": "linden",
    "criteria": ["H1", "H2", "H4"],
    "samples": [
        {
            "id": "full",
            "given": "The neighbor told this to the worker.",
            "text": "The neighbor said that Marek left Petra alone on Tuesday night for three hours, and that she cried and could not sleep.",
            "key": {
                "H1": {"mark": 2, "why": "Marek stands there by name, and he is the one who went out.", "words": "Marek left Petra"},
                "H4": {"mark": 2, "why": "Crying and lost sleep are things somebody could see.", "words": "she cried"},
            },
            "differ": {"H2": "Some readers would like to know what she had with her, and others find the hours enough."},
        },
        {
            "id": "thin",
            "text": "Petra was left, and it affected her.",
            "key": {
                "H1": {"mark": 0, "why": "No person is there who did it."},
                "H2": {"mark": 1, "why": "Being left is an act, and nothing says when or how long.", "words": "was left"},
                "H4": {"mark": 1, "why": "Affected can mean nearly anything.", "words": "it affected her"},
            },
        },
    ],
}


def _step(id: str, text: str, stage: int, of: int = 4) -> Dumped:
    return {
        "id": id, "text": text, "stage": stage, "why": f"The step {id} needs what stands before it.",
        "early": f"When {id} comes too early, nobody is ready for it." if stage > 1 else None,
        "late": f"When {id} comes too late, others have waited for it." if stage < of else None,
    }  # fmt: skip


STEPS: Dumped = {
    "kind": "order",
    "title": "A first family meeting",
    "steps": [
        _step("welcome", "Say hello and thank everybody who came.", 1),
        _step("worries", "Ask what people are worried about.", 2),
        _step("works", "Ask what is working well.", 2),
        _step("scale", "Ask everybody for a number from 0 to 10.", 3),
        _step("silence", "Give each person a minute to think about the number.", 3),
        _step("plan", "Agree who does what, and by when.", 4),
    ],
}

BOX: Dumped = {
    "kind": "write",
    "title": "A harm statement for Petra",
    "rubric": "harm-statement",
    "family": "linden",
    "boxes": [
        {"id": "notes", "label": "Your notes", "counts": False},
        {"id": "statement", "label": "Your statement", "help": "One or two sentences."},
    ],
    "examples": [
        {
            "text": "A neighbor reported that Marek left Petra (6) alone at home on Tuesday for three hours, and that she cried all that time.",
            "notice": "It begins with who saw it, and it ends with Petra.",
        }
    ],
}

BOXES: Dumped = {
    "kind": "write",
    "title": "A worry in two parts",
    "rubric": "danger-statement",
    "given": "Dana told the worker that Marek goes out at night, and that Petra is six.",
    "boxes": [{"id": "who", "label": "Who is worried", "short": True}, {"id": "what", "label": "What may happen"}],
    "examples": [{"text": "Dana is worried that Petra may wake alone and be frightened.", "notice": "Somebody by name is worried."}],
}

ROWS: Dumped = {
    "kind": "write",
    "title": "A plan for tonight",
    "rubric": "safety-plan-step",
    "family": "linden",
    "table": {
        "name": "Step",
        "columns": [
            {"id": "who", "label": "Who"},
            {"id": "act", "label": "Does what"},
            {"id": "aside", "label": "A note to yourself", "counts": False},
        ],
        "most": 2,
    },
    "examples": [{"text": "Dana comes at seven and stays until Marek is home.", "notice": "Anybody could see whether it is done."}],
}

NUMBER: Dumped = {
    "kind": "scale",
    "title": "Where is Petra tonight?",
    "given": "It is the Friday after the visit.",
    "scale": {"question": "How safe is Petra tonight?", "low": "She cannot stay.", "high": "Nobody needs to look in."},
    "consider": ["Dana has come four times when she was asked.", "Nobody has spoken with the school so far."],
}


def _choice(id: str, text: str, fits: str, next: str | None) -> Dumped:
    return {
        "id": id, "text": text, "reply": f"Marek hears you out: {text}", "next": next, "label": f"the move called {id}",
        "fits": fits, "why": f"Here {id} does something of its own to Marek.",
    }  # fmt: skip


TALK: Dumped = {
    "kind": "dialogue",
    "title": "On the doorstep",
    "family": "linden",
    "scene": "Marek opens the door. It is raining.",
    "take_away": "Asking what he did already made room for what he could do next.",
    "turns": [
        {
            "id": "door",
            "who": "Marek",
            "says": "You again.",
            "choices": [
                _choice("ask", "What has gone a little better since Tuesday?", "yes", "better"),
                _choice("thank", "Thank you for opening the door.", "partly", "better"),
                _choice("press", "You must go to a class.", "no", "stiff"),
            ],
        },
        {
            "id": "stiff",
            "who": "Marek",
            "says": "I have no time for classes.",
            "choices": [
                _choice("turn", "Then tell me what would help.", "yes", "better"),
                _choice("insist", "It is not up to you.", "no", "better"),
            ],
        },
        {
            "id": "better",
            "who": "Marek",
            "says": "Dana was here. Petra slept.",
            "choices": [
                _choice("exception", "How did you two do that?", "yes", None),
                _choice("leave", "Good, so I can go.", "no", None),
            ],
        },
    ],
}

ALONE: Dumped = {
    "kind": "reflect",
    "title": "Before you go on",
    "prompts": ["When did somebody last change your mind?", "What made you listen?"],
    "afterwards": "Many people name a question, and few name an argument.",
}

EXERCISES: dict[str, Dumped] = {
    "cards": CARDS, "map": MAP, "houses": HOUSES_BOARD, "circles": CIRCLES_BOARD, "story": TAGGED, "samples": RATED, "steps": STEPS,
    "statement": BOX, "parts": BOXES, "plan": ROWS, "number": NUMBER, "talk": TALK, "alone": ALONE,
}  # fmt: skip
EVERY_REFS = [f"{EVERY}/{name}" for name in EXERCISES]
