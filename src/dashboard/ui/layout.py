"""The pieces every screen is built from: wordmark, notes, banners, narrow columns. One look, one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard.ui import installation
from dashboard.ui.plain import plain, plain_frame

_LONG_TABLE, _LONG_TABLE_PIXELS = 14, 480
_STYLE = Path(__file__).with_name("style.css")


def apply_style() -> None:
    """The few rules that the theme can't say, on containers we named ourselves."""
    st.html(_STYLE)


def wordmark() -> None:
    """The group's name, above the sign-in form."""
    with st.container(key="wordmark", horizontal_alignment="center"):
        st.markdown(f"### {installation.settings().group_name}")


@contextmanager
def narrow() -> Iterator[None]:
    """A column of reading width in the middle of the page."""
    with st.container(horizontal_alignment="center"), st.container(width=460, key="narrow"):
        yield


def note(text: str) -> None:
    """Small print that can still be read: 14 px, in the theme's grey at a contrast above 6:1."""
    st.markdown(f":gray[:small[{text}]]")


def page_head(title: str, lead: str) -> None:
    """Title and one sentence under it."""
    with st.container(key="page_head", gap="xsmall"):
        st.title(title, anchor=False)
        st.markdown(lead)


def text_table(frame: pd.DataFrame, alt: str) -> None:
    """A table of words. Nothing in it is read as markup."""
    st.table(plain_frame(frame), alt=alt)


def number_table(frame: pd.DataFrame, name: str, alt: str) -> None:
    """A table of numbers, which stand under each other on the right; a long one scrolls in its place."""
    height: int | Literal["content"] = _LONG_TABLE_PIXELS if len(frame) > _LONG_TABLE else "content"
    with st.container(key=f"table_{name}", height=height, border=False):
        text_table(frame, alt)


def problem(error: Exception) -> None:
    """What went wrong and the next step, in the words of the error; it may quote what was typed."""
    st.error(plain(str(error)))


def withdrawn(text: str) -> None:
    """What every reader of a figure has to know about a newer publication; it quotes what a person typed."""
    with st.container(key="withdrawn"):
        st.markdown(plain(text))


def empty(title: str, text: str) -> None:
    """What stands where there is nothing yet: what it is, and the next step."""
    with st.container(border=True):
        st.markdown(f"**{title}**")
        st.markdown(text)
