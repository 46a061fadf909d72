"""Asking the identity provider: the only requests that leave the machine, each bounded in time and size."""

import json
from collections.abc import Mapping
from time import monotonic
from typing import Any

import requests
import urllib3

from dashboard.sessions.single_sign_on.model import provider_away

SECONDS = 5
"""The longest wait for a connection, for the next piece of an answer, and about that for all of it."""
MOST_BYTES = 256 * 1024
_PIECE = 16 * 1024


def ask(
    address: str,
    form: Mapping[str, str] | None = None,
    credentials: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """The object in an answer: to a plain request, or to a form that is sent there.

    Nothing is followed, and nothing of the environment is obeyed (proxies, passwords of ~/.netrc).
    Raises SignOnFailed for anything but an answer of status 200 that holds one JSON object of a reasonable size.
    """
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                "GET" if form is None else "POST",
                address,
                data=form,
                auth=credentials,
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                timeout=SECONDS,
                allow_redirects=False,
                stream=True,
            )
            if answer.status_code != 200:
                raise provider_away(f"the provider answered with status {answer.status_code}")
            found = json.loads(_body(answer))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise provider_away(f"the provider was not reached: {type(error).__name__}") from None
    except (ValueError, RecursionError):
        raise provider_away("the provider sent no JSON") from None
    if not isinstance(found, dict):
        raise provider_away("the provider sent no object")
    return found


def _body(answer: requests.Response) -> bytes:
    """The bytes as sent: a small compressed answer can't become a huge one."""
    read, until = b"", monotonic() + SECONDS
    for piece in answer.raw.stream(_PIECE, decode_content=False):
        read += piece
        if len(read) > MOST_BYTES:
            raise provider_away("the provider sent too much")
        if monotonic() > until:
            raise provider_away("the provider took too long")
    return read
