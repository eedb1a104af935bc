"""What a learner must not hold before the mode tells it: the names under which keys stand, and the texts that explain them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TEXTS = {"answer", "tempting", "change", "discuss", "asks", "why", "early", "late", "take_away"}
"""Under these names one text stands that explains a key."""

WHOLE = {"views", "differ", "consider", "examples", "comments", "exemplars", "strengths"}
"""Under these names every text is one that only the academy's own side has."""

NAMES = TEXTS | WHOLE | {
    "key", "near", "question", "topic", "difficulty", "wrong", "contested", "setting", "by_setting", "passages", "leave", "accept",
    "reason", "optional", "quote", "stage", "fits", "label", "notice", "coach_only",
}  # fmt: skip

SHOWN = {"classify": {"question"}, "scale": {"question"}, "write": {"label"}, "judge": {"label"}}
"""Names that a kind shows to everybody: what a board or a scale asks, and the parts of a rubric's formula."""


def secret_names(kind: str) -> set[str]:
    """Return the names that may stand nowhere in a released exercise of this kind."""
    return NAMES - SHOWN.get(kind, set())


def names(value: Any) -> Iterator[str]:
    """Yield every name in `value` under which something stands."""
    if isinstance(value, dict):
        yield from (name for name, inner in value.items() if inner not in (None, [], {}, ""))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from names(inner)


def texts(value: Any) -> Iterator[str]:
    """Yield every text in `value`."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def explanations(value: Any) -> Iterator[str]:
    """Yield every text that explains a key, wherever it stands in a dumped exercise."""
    match value:
        case dict():
            for name, inner in value.items():
                if name in WHOLE:
                    yield from texts(inner)
                elif name in TEXTS and isinstance(inner, str):
                    yield inner
                else:
                    yield from explanations(inner)
        case list():
            for inner in value:
                yield from explanations(inner)
