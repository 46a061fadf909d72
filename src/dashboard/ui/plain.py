"""Text that a person typed, or a file brought, as it is: no markup of it is obeyed.

Streamlit's Markdown loads images from anywhere and turns addresses into links, so whatever is not our
own sentence goes through `plain` before it is shown.
"""

import re

import pandas as pd

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:$~^=&@/])")
_ADDRESS = re.compile(r"(?<=http://)|(?<=https://)|(?<=www)(?=\.)|(?<=@)(?=[\w-])", re.IGNORECASE)
_NOTHING_TO_SEE = "\u2060"


def plain(text: str) -> str:
    """The text with every sign of Markdown escaped, in one line."""
    # Addresses are looked for once more after the escapes are taken away; a word joiner inside ends them for
    # the search, and can't be seen.
    line = _ADDRESS.sub(_NOTHING_TO_SEE, " ".join(text.split()))
    return _MARKUP.sub(r"\\\1", line)


def plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of texts for display: cells, row names and column names escaped."""
    escaped = frame.map(lambda cell: plain(str(cell)))
    escaped.index = pd.Index([plain(str(name)) for name in frame.index], name=frame.index.name)
    escaped.columns = pd.Index([plain(str(name)) for name in frame.columns])
    return escaped
