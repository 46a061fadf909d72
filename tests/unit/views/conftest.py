"""Publications as rows, opened for reading as a page does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests import published
from tests.examples import REFERENCE
from tests.published import Written

from dashboard import published_tables
from dashboard.database import Database
from dashboard.published_tables import Circulation
from dashboard.views import Published

Opened = Callable[..., Published]


@pytest.fixture
def opened(database: Database) -> Iterator[Opened]:
    """Write a publication of these tables and open it for one circulation."""
    with ExitStack() as readers:

        def make(
            *tables: Written, quarters: tuple[str, ...] = (), circulation: Circulation = Circulation.GROUP
        ) -> Published:
            with database.write() as connection:
                published.write(connection, 1, *tables, quarters=quarters)
            connection = readers.enter_context(database.read_published())
            return Published(connection, published_tables.find(connection, "p1"), REFERENCE, circulation=circulation)

        yield make
