"""nbgrader's settings for this course: `nbgrader ...` commands and formgrader read them. See sopkit/gradebook/running.py."""

import os
from pathlib import Path

from sopkit import academy
from sopkit.gradebook import configure

here = academy.locate(Path(__file__).parent)
configure(get_config(), here)
if not here.folder.is_relative_to(here.root):  # a kernel that grades there could not find the course by looking upward
    os.environ.setdefault("SOPKIT_COURSE", str(here.root))
