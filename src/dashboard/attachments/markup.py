"""Reading the few parts of an office file that say what the others are. A document type is refused before it is read.

Without one there are no entities: nothing can be expanded or fetched.
"""

from collections.abc import Mapping
from typing import TypeAlias
from xml.parsers import expat

Element: TypeAlias = tuple[str, Mapping[str, str]]
"""Its name without the namespace, and its attributes."""

_TROUBLE = (expat.ExpatError, LookupError, UnicodeError)


class _Root(Exception):
    """The first element begins; a document type would have come before it."""


def elements(content: bytes) -> tuple[Element, ...]:
    """Every element of a part, in its order. Raises ValueError."""
    found: list[Element] = []
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))
    try:
        parser.Parse(content, True)
    except _TROUBLE:
        raise ValueError("not well-formed") from None
    return tuple(found)


def require_no_document_type(head: bytes) -> None:
    """Raise ValueError where a part declares one, or does not begin with an element within this head."""

    def stop(_name: str, _attributes: Mapping[str, str]) -> None:
        raise _Root

    parser = _parser()
    parser.StartElementHandler = stop
    try:
        parser.Parse(head, False)
    except _Root:
        return
    except _TROUBLE:
        pass
    raise ValueError("no element at the beginning")


def _parser() -> expat.XMLParserType:
    def refuse(*_said: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    return parser
