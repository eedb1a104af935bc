"""What the server answers at each of its addresses, and to whom."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError, authenticated
from voila.handler import VoilaHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler, read_header_from_binary_message

from sopkit.model import Role
from sopkit.signin import Member, home

EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
"""The only front-end extensions that pages load: the widget managers."""
TOLD = {"comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "shutdown_reply", "status"}
"""The kinds of message that a kernel may send to a page."""


def _server(handler: Any) -> Any:
    return handler.settings["sopkit_server"]


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
        if kernel_id in server.present:
            await server.let_go(kernel_id)
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
