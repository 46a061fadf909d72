"""A table as a CSV file that a spreadsheet opens right: what it is first, then its rows."""

import csv
import io

from dashboard.exports.sheets import about, body, header
from dashboard.views.model import TableView


def csv_bytes(table: TableView) -> bytes:
    """UTF-8 with a byte-order mark, without which Excel garbles every letter beyond English."""
    text = io.StringIO()
    # All text in quotes: where the spreadsheet separates by semicolons, no part of a text becomes a cell.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows(about(table))
    writer.writerow(())
    writer.writerow(header(table))
    writer.writerows(body(table))
    return text.getvalue().encode("utf-8-sig")
