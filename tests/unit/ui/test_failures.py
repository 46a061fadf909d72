"""What is logged, and what is shown, when something breaks."""

import logging

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    from dashboard.ui import failures

    try:
        raise ValueError("17 victims\nof Kenya: <b>see</b>")
    except ValueError as error:
        failures.show(error)


def test_the_log_says_where_and_not_what(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="dashboard"):
        shown = AppTest.from_function(script).run()
    (line,) = [record.getMessage() for record in caplog.records if record.name == "dashboard"]
    (message,) = [one.value for one in shown.error]
    assert line.startswith("incident ")
    assert "ValueError at " in line
    assert line.split()[1].rstrip(":") in message, "the number leads from the one to the other"
    for text in (line, message):
        assert not [word for word in ("17", "Kenya", "victims", "\n", "ValueError('") if word in text.split(" at ")[0]]
