"""Rules on the file as a whole: its sheets and columns, and what the reader or the profile did with it."""

from collections.abc import Iterator

from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import MappedReturn, Rival, Standing


def structure(returned: MappedReturn) -> Iterator[Finding]:
    """Missing columns, columns and sheets that are not read, rows of no structure, a return without rows."""
    yield from _columns(returned)
    for row in returned.unplaced:
        message = "The row fits none of the tables of this layout, so it cannot be imported."
        step = "Correct the cell or remove the row."
        yield Finding(Severity.ERROR, "structure", message, step, row.sheet, row.number, row.column, row.text)
    if not returned.rows and not returned.unplaced:
        message = "The file holds no rows to import."
        step = "Fill in at least one row under the headings. Where nobody was counted, the count is 0."
        yield Finding(Severity.ERROR, "structure", message, step)


def _columns(returned: MappedReturn) -> Iterator[Finding]:
    for table in returned.tables:
        where = (table.name, table.header_row)
        if table.hidden and table.expected:
            message = "The sheet is hidden in the workbook, and is read all the same."
            step = "Unhide it and look at it; tick it with a reason if it belongs to the return, else remove it."
            yield Finding(Severity.WARNING, "structure", message, step, table.name)
        if table.rival:
            yield _unclear(table.rival, *where)
        if not table.expected and not table.ignored:
            what = "The hidden sheet" if table.hidden else "The sheet"
            message = f"{what} is not read: its columns fit no table."
            step = "Tick it with a reason, or mend its columns."
            yield Finding(Severity.WARNING, "structure", message, step, *where)
        for column in table.missing:
            message, step = (
                f'The column "{column}" is missing.',
                "Add the column, give it just this name if it has another, or start from the template.",
            )
            yield Finding(Severity.ERROR, "structure", message, step, *where, column)
        for column in table.unknown:
            message = f'The column "{column[:80]}" is not read.'
            yield Finding(
                Severity.WARNING, "structure", message, "Tick it with a reason, or remove it.", *where, column
            )


def _unclear(rival: Rival, sheet: str, row: int) -> Finding:
    message = f'It is not clear whether the rows belong to "{rival.read_as}" or to "{rival.larger}".'
    lacking = " and ".join(f'"{column}"' for column in rival.lacking)
    mend = f"add or rename the columns until {lacking} is there" if lacking else "give the sheet its name"
    step = f'For "{rival.larger}" {mend}; for "{rival.read_as}" remove the columns that are not read.'
    return Finding(Severity.ERROR, "structure", message, step, sheet, row)


def encoding(returned: MappedReturn) -> Iterator[Finding]:
    """What the reader had to assume to read the file at all."""
    for sheet, remark in returned.remarks:
        step = "Check that names with special letters look right; if not, save the file as CSV UTF-8."
        yield Finding(Severity.NOTE, "encoding", remark, step, sheet)


def set_aside(returned: MappedReturn) -> Iterator[Finding]:
    """Each row kept out: a note where its people are imported by other rows, else a warning."""
    for row in returned.rows:
        where = (row.sheet, row.number, row.count.column, row.count.text)
        if row.standing is Standing.SET_ASIDE:
            step = "Nothing to do. The row stays in the file that is kept."
            yield Finding(Severity.NOTE, "set_aside", row.reason, step, *where)
        elif row.standing is Standing.LEFT_OUT:
            message = f"{row.reason} Nobody is imported for this row."
            step = "Tick it with a reason, or ask the source which rows hold."
            yield Finding(Severity.WARNING, "set_aside", message, step, *where)


def censored(returned: MappedReturn) -> Iterator[Finding]:
    """How many counts the source itself withheld ("<5"); they are kept as unknown, never as a number."""
    rows = [row for row in returned.understood() if row.count.censored_below is not None]
    if rows:
        message = f'{len(rows):,} counts are withheld by the source ("{rows[0].count.text}"). Here is the first.'
        step = "Nothing to do. They are kept as unknown numbers; a total that needs one is not shown."
        where = (rows[0].sheet, rows[0].number, rows[0].count.column, rows[0].count.text)
        yield Finding(Severity.NOTE, "censored", message, step, *where)
