"""The academy's server: one standalone Voilà application with sign-in, roles and warm kernels.

Stand-alone on purpose: only there does Voilà refuse requests to run code (see CONTRIBUTING.md, Security).
"""

from __future__ import annotations

import logging
import math
import os
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.handlers import _kernel_id_regex
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import StaticFileHandler
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler

from sopkit.academy import Academy
from sopkit.apps.page import ROLES
from sopkit.content import Course
from sopkit.handlers import (
    EXTENSIONS,
    AppHandler,
    HealthHandler,
    HomeHandler,
    LabExtensionHandler,
    LeaveHandler,
    NotFound,
    OwnKernelHandler,
    OwnKernelSocket,
)
from sopkit.marks import Marks
from sopkit.signin import SignIn, Throttle
from sopkit.store import Store
from sopkit.widgets import STATIC

SHARE = Path(__file__).parent / "share" / "jupyter"
PAGES = Path(__file__).parent / "pages"
NOTEBOOKS = Path("notebooks")
LEFT = 90.0
"""Seconds after which a page that nobody is connected to gives its kernel back."""
MOST = 4
"""Pages that one person may have open at the same time."""
AT_ONCE = 2
"""Kernels warmed at the same time."""
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
log = logging.getLogger("sopkit")


class AcademyServer(Voila):
    """Serves the three apps of one academy."""

    academy: Academy
    course: Course
    store: Store
    certificate: tuple[str, str] | None = None
    on_ready: Callable[[], None] = staticmethod(lambda: None)

    def init_settings(self) -> dict[str, Any]:
        """Add what our handlers need to Voilà's settings."""
        self.present: dict[str, float] = {}  # kernels of pages, and when somebody was last connected
        self.holders: dict[str, str] = {}  # and whose they are
        self.counted, self.rosters = -math.inf, 0
        return {
            **super().init_settings(),
            "xsrf_cookies": True,
            "login_url": "/login",
            "headers": {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"},
            "sopkit_pages": jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True),
            "sopkit_academy": self.course.title,
            "sopkit_throttles": {"address": Throttle(120, 300), "staff": Throttle(10, 300)},
            "sopkit_server": self,
            "default_handler_class": NotFound,
        }

    def init_handlers(self) -> list[Any]:
        """Return every address this server answers. What is not here does not exist: no files, no tree, no contents."""
        render = {"config": self.config, "voila_configuration": self.voila_configuration, "template_paths": self.template_paths}
        apps = [(f"/{app}", AppHandler, {**render, "notebook_path": f"{app}.ipynb", "roles": roles}) for app, roles in ROLES.items()]
        return [
            (r"/", HomeHandler),
            *apps,
            *self.identity_provider.get_handlers(),
            (rf"/health/{_kernel_id_regex}", HealthHandler),
            (rf"/api/kernels/{_kernel_id_regex}", OwnKernelHandler),
            (rf"/api/kernels/{_kernel_id_regex}/channels", OwnKernelSocket),
            (rf"/voila/api/shutdown/{_kernel_id_regex}", LeaveHandler),
            (r"/static/(.*)", StaticFileHandler, {"path": str(STATIC)}),
            (r"/voila/static/(.*)", MultiStaticFileHandler, {"paths": self.static_paths, "default_filename": "index.html"}),
            (r"/voila/labextensions/(.*)", LabExtensionHandler, {"paths": self.labextensions_path}),
        ]

    def listen(self) -> None:
        """Listen, keep kernels warm, publish hand-ins, until stopped."""
        context = None
        if self.certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*self.certificate)
        HTTPServer(self.app, ssl_options=context, max_buffer_size=1 << 20).listen(self.port, self.ip)
        self.publisher = self.publish()
        PeriodicCallback(self.warm, 250).start()
        PeriodicCallback(self.reap, 10_000).start()
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.on_ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            if self.publisher.stdin:
                self.publisher.stdin.close()
            self.stop()

    def publish(self) -> subprocess.Popen[bytes]:
        """Start the process that puts hand-ins into the gradebook. It ends when its standard input does."""
        command = [sys.executable, "-m", "sopkit.cli", "publish", "--watch"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=self.academy.root)

    async def warm(self) -> None:
        """Start kernels ahead of people, a few at a time: one for each person expected and not here yet."""
        manager = self.kernel_manager
        for app, wanted in self.expected().items():
            notebook = f"{app}.ipynb"
            pool = await self.living(notebook)
            starting = sum(not _ready(task) for pool in manager._pools.values() for task in pool)
            if len(pool) < wanted and starting < AT_ONCE:
                manager.kernel_pools_config = {**manager.kernel_pools_config, notebook: {"pool_size": len(pool) + 1}}
                manager.fill_if_needed(delay=0, notebook_name=notebook)
                manager.kernel_pools_config = {**manager.kernel_pools_config, notebook: {"pool_size": 0}}

    async def living(self, notebook: str) -> list[Any]:
        """Return the pool of a notebook, without kernels that died or never started."""
        pool: list[Any] = self.kernel_manager._pools.setdefault(notebook, [])
        for task in [task for task in pool if task.done()]:
            if not task.cancelled() and task.exception() is None and await self.alive(task.result()["kernel_id"]):
                continue
            if task in pool:
                pool.remove(task)
        return pool

    async def alive(self, kernel: str) -> bool:
        """Return whether the process of a kernel runs."""
        return kernel in self.kernel_manager and bool(await ensure_async(self.kernel_manager.is_alive(kernel)))

    def expected(self) -> dict[str, int]:
        """Return how many warm kernels each app should have now."""
        if time.monotonic() - self.counted > 5:
            self.rosters = sum(len(self.store.roster(s.id)) for s in self.store.sessions() if s.open and s.lessons)
            self.counted = time.monotonic()
        coming = max(2, min(self.rosters, 60) - len(self.present))
        return {"workbook": coming, "trainer": 1, "coach": 1}

    async def only_a_few(self, person: str) -> None:
        """End the oldest pages of somebody who has opened more than a few."""
        mine = [kernel for kernel in self.present if self.holders.get(kernel) == person]
        for kernel in mine[:-MOST]:
            await self.let_go(kernel)

    async def let_go(self, kernel: str) -> None:
        """Forget a page and end its kernel. A coach whose last page it was keeps no writing from the others."""
        self.present.pop(kernel, None)
        person = self.holders.pop(kernel, None)
        if kernel in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel, now=True))
        marks = Marks(self.store)
        if person not in self.holders.values() and person in marks.locked().values():
            marks.release_all(str(person))

    async def reap(self) -> None:
        """End the kernels of pages that were left, or never connected; start the publisher again if it ended."""
        if self.publisher.poll() is not None:
            self.publisher = self.publish()
        now = time.monotonic()
        for kernel, seen in list(self.present.items()):
            alive = await self.alive(kernel)
            if alive and self.kernel_manager._kernel_connections.get(kernel, 0) > 0:
                self.present[kernel] = now
            elif not alive or now - seen > LEFT:
                await self.let_go(kernel)


def build(academy: Academy, course: Course, port: int, ip: str) -> AcademyServer:
    """Return a server that is ready to start. Sets the environment that its kernels inherit."""
    os.environ["SOPKIT_COURSE"], os.environ["SOPKIT_ACADEMY"] = str(academy.root), str(academy.folder)
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(SHARE), *filter(None, [os.environ.get("JUPYTER_PATH")])])
    config = Config()
    config.VoilaConfiguration.template = "sop"
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaConfiguration.default_pool_size = 0
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.extension_allowlist = list(EXTENSIONS)
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.http_keep_alive_timeout = 30
    config.MappingKernelManager.default_kernel_name = "python3"
    config.KernelManager.autorestart = False  # a kernel started again would have no page in it
    if sys.platform == "linux" and len(tempfile.gettempdir()) < 30:  # a socket's path may have 107 characters
        config.KernelManager.transport = "ipc"
    config.Voila.identity_provider_class = SignIn
    config.Voila.root_dir = str(academy.root / NOTEBOOKS)
    server = AcademyServer(config=config, port=port, ip=ip, open_browser=False, cookie_secret=academy.secret())
    server.academy, server.course, server.store = academy, course, academy.store()
    server.log_level = logging.ERROR
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    server.initialize([])
    return server


def _ready(task: Any) -> bool:
    """Return whether a kernel of the pool has run its notebook."""
    return bool(task.done() and not task.cancelled() and task.exception() is None and task.result()["task"].done())
