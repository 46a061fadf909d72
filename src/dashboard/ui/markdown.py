"""Formatted text that a person or a file brought, as HTML that can do nothing.

Two guards, one behind the other: markdown-it-py reads no HTML, no images and few links; nh3 then takes away
every tag and attribute that is not on a short list, whatever the first one may have let through.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong", "ul"}
)
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "noopener noreferrer nofollow"

_HEADINGS = {"h1": "h3", "h2": "h4"}
"""A page has one title, and it is ours: headings of a text begin below it."""

# They turn the reading direction around, or can't be seen: an address could look like another one. The two joiners
# between them (200c, 200d) belong to the scripts of South Asia and stay; only an address may not hold them.
_DECEIVING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JOINERS = re.compile("[\u200c\u200d]")
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}|(?<=//)[\w-]+", re.IGNORECASE)


def safe_html(text: str) -> str:
    """The text, read as plain Markdown (CommonMark), as HTML with harmless tags only.

    Of a link that is not http, https or mailto, or whose words name another address than it leads to, the words stay.
    """
    reader = _reader()
    tokens = reader.parse(_DECEIVING.sub("", text))
    _lower_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = list(_honest(token.children))
    # Once more: a text may have written them as entities.
    made = _DECEIVING.sub("", str(reader.renderer.render(tokens, reader.options, {})))
    return nh3.clean(made, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=REL).strip()


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 the library asks by this name
        return is_harmless(url)


def _reader() -> MarkdownIt:
    reader = _Reader("commonmark", {"html": False})
    return reader.disable(["image", "autolink", "html_inline", "html_block"])


def is_harmless(address: str) -> bool:
    """Whether a link may lead there: a web or mail address in full, without a name or password before the host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return "@" in parts.path
    return parts.scheme.lower() in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc


def _lower_headings(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = _HEADINGS.get(token.tag, "h5")


def _honest(children: list[Token]) -> Iterable[Token]:
    """The pieces of a line without links whose words are an address that is not theirs. Links don't nest."""
    hidden = False
    for place, token in enumerate(children):
        if token.type == "link_open":
            hidden = _deceives(str(token.attrs.get("href", "")), _words(children[place + 1 :]))
        if not (hidden and token.type in {"link_open", "link_close"}):
            yield token


def _words(following: list[Token]) -> str:
    words = []
    for token in following:
        if token.type == "link_close":
            break
        words.append(token.content)
    return "".join(words)


def _deceives(address: str, words: str) -> bool:
    """Whether the words name a host, as addresses do, and it is not the one the link leads to."""
    parts = urlsplit(address)
    host = (parts.hostname or parts.path.partition("@")[2]).lower().removeprefix("www.")
    return any(named.lower().removeprefix("www.") != host for named in _HOST.findall(_JOINERS.sub("", words)))
