"""Connections of people who are not signed in: how many, how long, how much; and how any connection is ended."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from starlette.types import Message, Receive, Send

MOST_ANONYMOUS = 100
"""Sign-in screens open at once."""
MOST_AT_ONE_ADDRESS = 40
"""The same from one address: a ministry's people may share one, and one machine must not take all the room."""
MOST_FROM_ONE_ADDRESS = 120
"""Sign-in screens opened from one address within a minute."""
LONGEST_ANONYMOUS = 64 * 1024
"""Bytes of one message from a sign-in screen. Streamlit takes 25 MB, and keeps what was typed for minutes."""
FIRST_WITHIN, STAYS = 30.0, 20 * 60.0
"""Seconds until a sign-in screen has to say something, and for which it may stand open. A browser opens it anew."""
TOO_LONG, GONE = 1009, 1001
"""Close a connection that sent too much, or stood open for too long."""


class Strangers:
    """Who is at the sign-in form, counted by address."""

    def __init__(self) -> None:
        self._here: Counter[str] = Counter()
        self._opened: defaultdict[str, deque[float]] = defaultdict(deque)

    @contextmanager
    def visit(self, address: str) -> Iterator[bool]:
        """Whether there is room for one more from that address, who stays until the end of the block."""
        has_room = self._has_room(address)
        if has_room:
            self._opened[address].append(monotonic())
            self._here[address] += 1
        try:
            yield has_room
        finally:
            if has_room:
                self._here[address] -= 1
                self._here += Counter()  # leaves out those at 0

    def _has_room(self, address: str) -> bool:
        now = monotonic()
        for known in list(self._opened):
            while self._opened[known] and now - self._opened[known][0] > 60:
                self._opened[known].popleft()
            if not self._opened[known]:
                del self._opened[known]
        return (
            self._here.total() < MOST_ANONYMOUS
            and self._here[address] < MOST_AT_ONE_ADDRESS
            and len(self._opened.get(address, ())) < MOST_FROM_ONE_ADDRESS
        )


def bounded(
    receive: Receive, send: Send, *, first_within: float = FIRST_WITHIN, stays: float = STAYS
) -> tuple[Receive, Send]:
    """The two ends of a stranger's connection: one that is silent, stays too long or says too much is ended."""
    opened = monotonic()
    until = opened + first_within

    async def in_time() -> Message:
        nonlocal until
        try:
            message = await asyncio.wait_for(receive(), max(until - monotonic(), 0))
        except TimeoutError:
            return {"type": "websocket.receive", "late": True}
        if message["type"] == "websocket.receive":
            until = opened + stays
        return message

    async def ends(message: Message) -> int | None:
        if message.get("late"):
            return GONE
        return TOO_LONG if len(message.get("bytes") or message.get("text") or "") > LONGEST_ANONYMOUS else None

    return ended(in_time, send, ends)


def ended(receive: Receive, send: Send, ends: Callable[[Message], Awaitable[int | None]]) -> tuple[Receive, Send]:
    """The two ends of a connection that is closed before a message with the code that `ends` gives for it."""
    closed = False

    async def take() -> Message:
        nonlocal closed
        message = await receive()
        code = await ends(message) if message["type"] == "websocket.receive" else None
        if code is None:
            return message
        closed = True
        await send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def give(message: Message) -> None:
        if not closed:
            await send(message)

    return take, give
