"""The academy's server: one standalone Voilà application with sign-in, roles and warm kernels.

Stand-alone on purpose: only there does Voilà refuse requests to run code (see CONTRIBUTING.md, Security).
"""

from __future__ import annotations

import json
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
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler, _kernel_id_regex
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import HTTPError, StaticFileHandler, authenticated
from traitlets.config import Config
from voila.app import Voila
from voila.handler import VoilaHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler, read_header_from_binary_message

from sopkit.academy import Academy
from sopkit.apps.page import ROLES
from sopkit.content import Course
from sopkit.model import Role
from sopkit.signin import Member, SignIn, Throttle, home
from sopkit.store import Store
from sopkit.widgets import STATIC

SHARE = Path(__file__).parent / "share" / "jupyter"
PAGES = Path(__file__).parent / "pages"
NOTEBOOKS = Path("notebooks")
LEFT = 90.0
"""Seconds after which a page that nobody is connected to gives its kernel back."""
EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
"""The only front-end extensions that pages load: the widget managers."""
TOLD = {"comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "shutdown_reply", "status"}
"""The kinds of message that a kernel may send to a page."""
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
        self.holders: dict[str, str] = {}
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
            del self.present[kernel]
            if kernel in self.kernel_manager:
                await ensure_async(self.kernel_manager.shutdown_kernel(kernel, now=True))

    async def reap(self) -> None:
        """End the kernels of pages that were left, or never connected; start the publisher again if it ended."""
        if self.publisher.poll() is not None:
            self.publisher = self.publish()
        now = time.monotonic()
        for kernel, seen in list(self.present.items()):
            if not await self.alive(kernel):
                del self.present[kernel]
            elif self.kernel_manager._kernel_connections.get(kernel, 0) > 0:
                self.present[kernel] = now
            elif now - seen > LEFT:
                del self.present[kernel]
                await ensure_async(self.kernel_manager.shutdown_kernel(kernel, now=True))


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


def _server(handler: Any) -> AcademyServer:
    server: AcademyServer = handler.settings["sopkit_server"]
    return server


def owns(handler: Any, kernel: str) -> bool:
    """Return whether the signed-in person is the one that `kernel` was bound to."""
    user = handler.current_user
    found = _server(handler).store.claimed(kernel) if isinstance(user, Member) else None
    return found is not None and found[0].id == user.username


class HomeHandler(JupyterHandler):
    """The front door."""

    @authenticated
    async def get(self) -> None:
        """Go to the first page of one's role."""
        self.redirect(home(self.current_user.role))


class _Claiming:
    """A kernel manager that notes which kernel a page was given, and nothing else."""

    def __init__(self, manager: Any, claim: Callable[[str], None]) -> None:
        self._manager, self._claim = manager, claim

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def get_rendered_notebook(self, **kwargs: Any) -> Any:
        found = await self._manager.get_rendered_notebook(**kwargs)
        self._claim(found[2])
        return found

    async def start_kernel(self, **kwargs: Any) -> str:
        kernel: str = await ensure_async(self._manager.start_kernel(**kwargs))
        self._claim(kernel)
        return kernel


class AppHandler(VoilaHandler):
    """One app. The kernel is bound to the signed-in person before a byte of the page leaves."""

    def initialize(self, roles: frozenset[Role], **kwargs: Any) -> None:
        """Take the roles that may open this app."""
        self.roles = roles
        super().initialize(**kwargs)

    @property
    def kernel_manager(self) -> Any:
        """The kernel manager, noting the kernel this page gets."""
        return _Claiming(super().kernel_manager, self._claim)

    def _claim(self, kernel: str) -> None:
        server = _server(self)
        server.store.claim(kernel, self.current_user.username, self.current_user.session)
        server.present[kernel] = time.monotonic()
        server.holders[kernel] = self.current_user.username

    @authenticated
    async def get(self) -> None:
        """Serve the page."""
        if self.current_user.role not in self.roles:
            raise HTTPError(403)
        await _server(self).living(self.notebook_path)
        async for html in self.get_generator():
            self.write(html)
            self.flush()
        await _server(self).only_a_few(self.current_user.username)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Show a plain page."""
        _plain_page(self, status_code)


class OwnKernelHandler(KernelHandler):
    """What a page asks about its own kernel."""

    @authenticated
    async def get(self, kernel_id: str) -> None:
        """Describe the kernel to its owner."""
        if not owns(self, kernel_id):
            raise HTTPError(403)
        await super().get(kernel_id)

    async def delete(self, kernel_id: str) -> None:
        """Refused: a page ends its kernel by leaving."""
        raise HTTPError(405)


class OwnKernelSocket(VoilaKernelWebsocketHandler):
    """The web socket of a page, for the person the kernel was bound to."""

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Pass on what widgets need, and nothing that code prints: a warning or a traceback may quote a key."""
        if isinstance(message, bytes):
            header = read_header_from_binary_message(message)
        else:
            header = (json.loads(message) if isinstance(message, str) else message).get("header")
        if (header or {}).get("msg_type") not in TOLD:
            return None
        return super().write_message(message, binary)

    async def pre_get(self) -> None:
        """Let the owner in."""
        if not owns(self, self.kernel_id):
            raise HTTPError(403)
        if self.kernel_id not in self.kernel_manager:
            raise HTTPError(404)
        await super().pre_get()


class HealthHandler(JupyterHandler):
    """Lets a page that lost its line find out whether its kernel is still there."""

    @allow_unauthenticated
    async def get(self, kernel_id: str) -> None:
        """204: alive and yours. 410: gone, or not yours: reload."""
        alive = owns(self, kernel_id) and await _server(self).alive(kernel_id)
        self.set_status(204 if alive else 410)


class LeaveHandler(JupyterHandler):
    """A page says that it is closing."""

    def check_xsrf_cookie(self) -> None:
        """Not asked: a closing page cannot send it, and only the owner's own kernel is let go."""

    async def post(self, kernel_id: str) -> None:
        """Let the kernel go."""
        if not owns(self, kernel_id):
            raise HTTPError(403)
        server = _server(self)
        if server.present.pop(kernel_id, None) is not None and kernel_id in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id, now=True))
        self.set_status(204)


class LabExtensionHandler(MultiStaticFileHandler):
    """The two widget extensions that pages load, and no others."""

    def parse_url_path(self, url_path: str) -> str:
        """Refuse what is not part of the widget managers."""
        if not url_path.startswith(tuple(f"{name}/" for name in EXTENSIONS)):
            raise HTTPError(404)
        return str(super().parse_url_path(url_path))


class NotFound(JupyterHandler):
    """Every other address."""

    def prepare(self, *args: Any, **kwargs: Any) -> None:
        """Say that nothing is here, whatever the method."""
        self.set_status(404)
        _plain_page(self, 404)


def _plain_page(handler: Any, status: int) -> None:
    texts = {
        403: ("This page is for trainers or coaches", "You are signed in, and this page is not part of your role."),
        404: ("Nothing is here", "Check the address, or go back to your first page."),
    }
    title, text = texts.get(status, ("Something went wrong on our side", "What you saved is safe. Please try again in a moment."))
    page = handler.settings["sopkit_pages"].get_template("message.html")
    context = {"static": "/static", "base_url": "/", "academy": handler.settings["sopkit_academy"]}
    handler.finish(page.render(title=title, text=text, link="/", link_text="Go to my first page", **context))
