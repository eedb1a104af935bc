"""The names that many tests use."""

from __future__ import annotations

from pathlib import Path

from sopkit.model import Person

ROOT = Path(__file__).resolve().parents[1]
LESSON = "01-common-language"
ANA = Person("a1", "Ana Whitlock")
KOFI = Person("a2", "Kofi Barnes")
