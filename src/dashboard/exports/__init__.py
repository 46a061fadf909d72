"""Downloads: a table to be read goes in, the bytes of a file come out."""

from dashboard.exports.actions import record_download
from dashboard.exports.guard import guard
from dashboard.exports.lists import RowList, list_csv, list_xlsx
from dashboard.exports.names import filename
from dashboard.exports.tables import csv_bytes
from dashboard.exports.workbook import xlsx_bytes

__all__ = ["RowList", "csv_bytes", "filename", "guard", "list_csv", "list_xlsx", "record_download", "xlsx_bytes"]
