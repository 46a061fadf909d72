"""The name of a file that somebody sent: what is left of it before it is kept or shown."""

import re
import unicodedata

LONGEST = 120
_FOLDERS = re.compile(r"[/\\]")
_ELSEWHERE = re.compile(r'[<>:"|?*]')
"""What some system takes for more than a letter of a name."""
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Control signs, those that turn the direction of writing round, and others that nobody sees."""


def harmless(filename: str) -> str:
    """The last part of the name in one line, at most 120 signs with its ending; "return" where nothing is left.

    Letters of every script stay as they are, so that its sender knows the file again. Doing it twice changes nothing.
    """
    last = _FOLDERS.split(filename)[-1]
    seen = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign) not in _UNSEEN)
    name = _shortened(_ELSEWHERE.sub("-", " ".join(seen.split())).strip(". "))
    return name or "return"


def _shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= LONGEST or not stem or len(ending) > 10:
        return name[:LONGEST].strip(". ")
    return f"{stem[: LONGEST - len(dot + ending)].rstrip('. ')}{dot}{ending}"
