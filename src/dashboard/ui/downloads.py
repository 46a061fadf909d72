"""Every file that can be taken away, and the one way out: below /download/, for an account, noted where it has to be.

To add one: a function that takes what the address asks, `by` and `at`, asks for its permission first, notes itself in
the audit trail where it hands out figures or anything confidential, and gives a File; a line in DOWNLOADS; and a link
by files.link, with the same name.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from dashboard import attachments, charts, submissions
from dashboard.accounts import Account, Permission, require
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.sessions import store
from dashboard.ui import audit_files, failures, figure_files, files, installation
from dashboard.ui.files import Asked, File
from dashboard.ui.session import cookie_name


def _template(_asked: Asked, *, by: Account, at: datetime) -> File:
    require(by, Permission.SEND_SUBMISSIONS)
    workbook = submissions.template_workbook(installation.settings().reference_dir)
    return File("return-template.xlsx", files.XLSX, workbook)


def _attachment(asked: Asked, *, by: Account, at: datetime) -> File:
    """A file that somebody attached, by its id. It goes out as it came in, and is shown on no page."""
    require(by, Permission.READ_ATTACHMENTS)
    if set(asked) != {"id"}:
        raise NotFound("There is no such file. Open the page and take the file from there.")
    folder = installation.settings().attachments_dir
    with installation.database().write() as connection:
        found, content = attachments.open_attachment(connection, asked["id"], folder=folder, by=by, at=at)
    return File(found.name, found.kind.media_type, content)


DOWNLOADS: Mapping[str, Callable[..., File]] = {
    **{f"figure.{ending}": partial(figure_files.make, ending) for ending in figure_files.KINDS},
    **{f"audit-trail.{ending}": partial(audit_files.make, ending) for ending in audit_files.FORMATS},
    "return-template.xlsx": _template,
    "attachment": _attachment,
}
"""By the name in the address: what makes the file of (asked, by=, at=)."""


class SignedOut(DashboardError):
    """Nobody is signed in in this browser any more."""

    def __init__(self) -> None:
        super().__init__("You are signed out. Sign in again to take the file.")


_STATUS: Mapping[type[DashboardError], int] = {
    SignedOut: 401,
    NotPermitted: 403,
    NotFound: 404,
    Conflict: 409,
    attachments.DamagedFile: 500,
    charts.NoPictureEngine: 503,
}

_THREADS = ThreadPoolExecutor(4, "download")
"""Threads of its own: a picture takes seconds, and those of the loop have to look up sessions meanwhile."""


async def answer(request: Request) -> Response:
    """The route of all downloads: the file, or a page with one sentence that says why not."""
    if request.method != "GET":  # HEAD would make the file, note it, and hand out nothing
        return Response(status_code=405)
    token = request.cookies.get(cookie_name(request.headers.get("host", "")), "")
    work = partial(_answer, str(request.path_params["name"]), request.query_params, token)
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def _answer(name: str, query: QueryParams, token: str) -> Response:
    try:
        return files.handed_out(_made(name, query, token))
    except DashboardError as error:
        return files.refused(str(error), next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400))
    except Exception as error:  # nobody behind this one would log it without the values
        return files.refused(failures.incident(error), 500)


def _made(name: str, query: QueryParams, token: str) -> File:
    at = installation.now()
    with installation.database().read() as connection:
        by = store.session_account(connection, token, at=at)
    if by is None:
        raise SignedOut
    asked = dict(query)
    if name not in DOWNLOADS or len(asked) != len(query.multi_items()):
        raise NotFound("There is no such file. Open the page and take the file from there.")
    return DOWNLOADS[name](asked, by=by, at=at)
