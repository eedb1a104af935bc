"""The names that many tests use."""

from __future__ import annotations

from pathlib import Path

import yaml

from sopkit.model import Person

ROOT = Path(__file__).resolve().parents[1]
LESSON = "01-common-language"
LESSONS: list[str] = yaml.safe_load((ROOT / "course" / "course.yml").read_text(encoding="utf-8"))["lessons"]
ANA = Person("a1", "Ana Whitlock")
KOFI = Person("a2", "Kofi Barnes")
