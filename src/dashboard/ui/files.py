"""A file to take away: what it is, the link that a page shows for it, and the answer that hands it out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeAlias
from urllib.parse import urlencode

import streamlit as st
from starlette.responses import HTMLResponse, Response

Asked: TypeAlias = Mapping[str, str]
"""What the address of a file says after its name."""

PATH = "/download/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What a browser is told an Excel workbook is."""

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_KEPT = {"cache-control": "no-store"}
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="../favicon.png">
<body style="font: 1.0625rem/1.6 Lato, system-ui, sans-serif; color: #1B2430; max-width: 36rem; margin: 18vh auto 0; \
padding: 0 1.5rem">
<h1 style="font-size: 1.5rem">{title}</h1>
<p>{sentence}</p>
<p>Go back in your browser, or <a href="../" style="color: #0033A0">open the dashboard</a>.</p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class File:
    """The bytes, what they are, and the name under which a browser keeps them."""

    name: str
    media_type: str
    content: bytes


def link(label: str, name: str, asked: Asked | None = None, *, about: str = "") -> str:
    """The link to a file, by its name in the registry of downloads and what is asked of it. All of it is escaped.

    Without `download`: a refusal is then a page that says why, where the browser would say "failed" only.
    """
    # Relative, as all addresses of ours: the dashboard may lie below another path.
    address = f"{PATH.lstrip('/')}{name}{'?' if asked else ''}{urlencode(asked or {})}"
    return f'<a href="{escape(address)}" title="{escape(about)}">{escape(label)}</a>'


def show(*links: str) -> None:
    """Draw links, made by `link`, in a row."""
    st.html("".join(links), width="content")


def handed_out(file: File) -> Response:
    """The answer that a browser keeps as a file, and nowhere else."""
    name = _NOT_IN_A_NAME.sub("-", file.name)
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(file.content, media_type=file.media_type, headers={**disposition, **_NOT_KEPT})


def refused(sentence: str, status: int) -> Response:
    """The page that stands there in place of a file. The sentence may be shown to anybody who asks."""
    page = _PAGE.format(title="There is no file", sentence=escape(sentence))
    return HTMLResponse(page, status_code=status, headers=_NOT_KEPT)
