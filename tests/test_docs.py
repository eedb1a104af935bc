"""README against the program: every command and target it names is there, and every command is in it."""

from __future__ import annotations

import argparse
import doctest
import importlib
import re

import pytest
from sample import LESSON, ROOT

from sopkit.cli import parser
from sopkit.content import Course
from sopkit.kinds import classify

README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [line for line in README.splitlines() if line.startswith("| `")]


def commands() -> dict[str, argparse.ArgumentParser]:
    (sub,) = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(sub.choices)


def code() -> str:
    """Return all that README sets as code."""
    return "\n".join(re.findall(r"```.*?\n(.*?)```", README, re.S) + re.findall(r"`([^`\n]+)`", README))


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parser().parse_args([name, "--help"])
    shown = capsys.readouterr().out
    assert caught.value.code == 0
    assert f"usage: sopkit {name}" in shown
    assert commands()[name].description in " ".join(shown.split())


def test_the_list_of_commands_tells_what_each_does() -> None:
    shown = " ".join(parser().format_help().split())
    for name, command in commands().items():
        assert command.description and command.description in shown, name


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_table(name: str) -> None:
    assert [row for row in ROWS if re.match(rf"\| `sopkit {name}\b", row)], f"README's command table lacks `sopkit {name}`"


def test_every_command_that_is_named_is_there() -> None:
    named = set(re.findall(r"\bsopkit (?!COMMAND)([a-z][a-z-]*)", code()))
    assert named and named <= set(commands())


def test_every_option_in_the_table_is_there() -> None:
    for row in ROWS:
        if found := re.match(r"\| `sopkit (\w+)", row):
            named = set(re.findall(r"--[a-z-]+", row))
            assert named <= set(commands()[found[1]]._option_string_actions), row


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"\bmake ([a-z]+)", code()))
    assert {"serve", "test"} <= named <= targets


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_numbers_are_those_of_the_course(course: Course) -> None:
    first = course.of(LESSON)
    decks = [e.keyed for e in first if isinstance(e.keyed, classify.Classify)]
    contested = sum(item.contested is not None for deck in decks for item in deck.items)
    scored = sum(len(deck.items) for deck in decks) - contested
    stories = sum(exercise.body.kind == "tag" for exercise in first)
    writings = sum(exercise.marked_by_hand for exercise in course.exercises.values())
    words = {6: "six"}.get(stories, str(stories))
    assert f"{scored} scored cards" in README and f"{contested} cards to talk about" in README and f"{words} family stories" in README
    assert f"{writings} writings for a coach" in README
    assert len(course.lessons) == 11 and "ten more lessons" in README


@pytest.mark.parametrize("module", ["sopkit.content", "sopkit.gradebook", "sopkit.store"])
def test_examples_in_docstrings_hold(module: str) -> None:
    results = doctest.testmod(importlib.import_module(module))
    assert results.attempted and not results.failed
