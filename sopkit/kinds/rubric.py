"""A rubric: what a coach looks for in one kind of writing, and what each mark means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from sopkit.model import Slug, Strict, Text

Mark = Annotated[int, Field(ge=0, le=2)]
"""0 not yet, 1 partly, 2 there."""

TOP = 2
LEVELS = ("Not yet", "Emerging", "Proficient", "Strong")


class Comment(Strict):
    """A ready sentence for the coach's comment bank, for a criterion marked `for_`."""

    for_: Mark = Field(alias="for")
    text: Text


class Criterion(Strict):
    """One line of a rubric, with what 0, 1 and 2 look like."""

    id: Annotated[str, Field(pattern=r"^[A-Z][0-9]$")]
    name: Text
    core: bool = True
    anchors: Annotated[list[Text], Field(min_length=3, max_length=3)]
    ask: Text
    comments: list[Comment] = []


class Part(Strict):
    """One part of the formula, in the order of writing, and the criterion that asks for it."""

    label: Text
    help: Text
    criterion: str


class Exemplar(Strict):
    """A sample with known marks, on which coaches warm up."""

    id: Slug
    family: Text
    text: Text
    marks: dict[str, Mark]
    why: dict[str, Text]


class Rubric(Strict):
    """What a coach looks for in one of the writing skills."""

    id: Slug
    title: Text
    about: Text
    words: Annotated[list[int], Field(min_length=2, max_length=2)]
    wrong_type: str | None = None
    parts: Annotated[list[Part], Field(min_length=1)]
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    coach_only: Criterion | None = None
    strengths: list[Text] = []
    exemplars: list[Exemplar] = []

    @model_validator(mode="after")
    def _whole(self) -> Rubric:
        ids = self.ids
        if len(set(ids)) != len(ids):
            raise ValueError("criteria with ids of their own")
        for named in [part.criterion for part in self.parts] + ([self.wrong_type] if self.wrong_type else []):
            if named not in ids:
                raise ValueError(f"{named!r} among the criteria {', '.join(ids)}")
        for exemplar in self.exemplars:
            if set(exemplar.marks) != set(ids) or set(exemplar.why) != set(ids):
                raise ValueError(f"exemplar {exemplar.id!r}: a mark and a reason for each of {', '.join(ids)}")
        return self

    @property
    def ids(self) -> list[str]:
        """The criteria that are marked and counted, in order."""
        return [criterion.id for criterion in self.criteria]

    @property
    def out_of(self) -> float:
        """The most points a coach can give."""
        return float(TOP * len(self.criteria))

    def level(self, marks: Mapping[str, int]) -> int:
        """Return the overall level, 0-3 (an index of LEVELS), of a whole set of marks.

        Another type of statement than asked for, or two core criteria at 0: not yet. One: emerging. None at 0: proficient,
        and with everything met: strong.
        """
        if self.wrong_type is not None and marks[self.wrong_type] == 0:
            return 0
        missing = sum(marks[criterion.id] == 0 for criterion in self.criteria if criterion.core)
        if missing:
            return 0 if missing > 1 else 1
        return 3 if all(marks[id] == TOP for id in self.ids) else 2
