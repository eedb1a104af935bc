"""A workbook for Safety Organized Practice: exercises, coaching and class sessions in Jupyter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sopkit.apps.page import coach, trainer, workbook
    from sopkit.surface import exercise

__version__ = "0.1.0"
__all__ = ["coach", "exercise", "trainer", "workbook"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: a trainee's page needs one of them only."""
    if name == "exercise":
        from sopkit.surface import exercise

        return exercise
    if name in __all__:
        from sopkit.apps import page

        return getattr(page, name)
    raise AttributeError(name)
