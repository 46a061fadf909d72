"""No text in a download may run as a formula in the spreadsheet that opens it."""

import re
import unicodedata

_TRIGGERS = frozenset("=+-@|%\t\r\n")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?", re.ASCII)
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What neither XML nor a spreadsheet can hold."""


def guard(text: str) -> str:
    """The text, with an apostrophe in front where it could be taken for a formula.

    That is where its first sign, after blanks and signs that can't be seen, is one of = + - @ | % or
    its full-width twin, or where it begins with a tab or a line break. A plain number stays as it is.
    """
    kept = readable(text)
    if _NUMBER.fullmatch(kept):
        return kept
    return f"'{kept}" if _is_formula(kept) else kept


def readable(text: str) -> str:
    """The text without signs that no file can hold; a workbook with one of them could not be made at all."""
    return _UNREADABLE.sub("", text)


def _is_formula(text: str) -> bool:
    if text[:1] in _TRIGGERS:
        return True
    for sign in text:
        if sign in _TRIGGERS or unicodedata.normalize("NFKC", sign)[:1] in _TRIGGERS:
            return True
        if not _is_blank(sign):
            return False
    return False


def _is_blank(sign: str) -> bool:
    """Spaces, and signs without a look of their own, such as a byte-order mark or a direction mark."""
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Cn", "Co")
