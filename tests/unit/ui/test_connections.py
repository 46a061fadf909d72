"""Connections of strangers: counted, and ended when they are silent, stay too long or say too much."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.types import Message

from dashboard.ui.connections import (
    GONE,
    LONGEST_ANONYMOUS,
    MOST_ANONYMOUS,
    MOST_AT_ONE_ADDRESS,
    TOO_LONG,
    Strangers,
    bounded,
)

SAID: Message = {"type": "websocket.receive", "bytes": b"a click"}


def codes(receive: Callable[[int], tuple[float, Message]], messages: int, **bounds: float) -> list[int]:
    """The codes with which a connection is closed that sends so many messages, each after some seconds."""

    async def talk() -> list[int]:
        closed: list[int] = []
        count = iter(range(messages))

        async def next_message() -> Message:
            seconds, message = receive(next(count))
            await asyncio.sleep(seconds)
            return message

        async def send(message: Message) -> None:
            closed.append(message["code"])

        take, _ = bounded(next_message, send, **bounds)
        for _ in range(messages):
            if (await take())["type"] == "websocket.disconnect":
                break
        return closed

    return asyncio.run(talk())


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, []), (5.0, [GONE])])
def test_who_says_nothing_is_gone(seconds: float, expected: list[int]) -> None:
    assert codes(lambda _: (seconds, SAID), 1, first_within=0.2, stays=9) == expected


@pytest.mark.parametrize(("stays", "expected"), [(9.0, []), (0.15, [GONE])])
def test_who_stays_too_long_is_gone(stays: float, expected: list[int]) -> None:
    assert codes(lambda number: (0.1 * number, SAID), 4, first_within=9, stays=stays) == expected


@pytest.mark.parametrize(("length", "expected"), [(LONGEST_ANONYMOUS, []), (LONGEST_ANONYMOUS + 1, [TOO_LONG])])
def test_who_says_too_much_is_ended(length: int, expected: list[int]) -> None:
    assert codes(lambda _: (0.0, {**SAID, "bytes": b"x" * length}), 1) == expected


def test_one_address_leaves_room_for_others_and_gets_its_own_back() -> None:
    strangers = Strangers()
    open_ones = [strangers.visit("192.0.2.1") for _ in range(MOST_AT_ONE_ADDRESS + 1)]
    assert [one.__enter__() for one in open_ones] == [True] * MOST_AT_ONE_ADDRESS + [False]
    with strangers.visit("192.0.2.2") as has_room:
        assert has_room
    for one in open_ones:
        one.__exit__(None, None, None)
    with strangers.visit("192.0.2.1") as has_room:
        assert has_room


def test_there_is_an_end_to_all_addresses_together() -> None:
    strangers = Strangers()
    here = [strangers.visit(f"192.0.2.{number}") for number in range(MOST_ANONYMOUS + 1)]
    assert [one.__enter__() for one in here] == [True] * MOST_ANONYMOUS + [False]
