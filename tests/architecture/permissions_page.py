"""docs/permissions.md, made from the table of roles. Run this file to renew it."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program, this file knows its own folder only

from tests.architecture.matrix import MATRIX
from tests.spec.drawing import read

from dashboard.accounts import Permission, Role

FILE = Path(__file__).parents[2] / "docs" / "permissions.md"
COMMAND = ".venv/bin/python tests/architecture/permissions_page.py"

HEAD = """# Roles and permissions

Made from `src/dashboard/accounts/model.py`: edit that, then run `{command}`.

An account has one role, for one organisation. What is not listed is refused. A verb asks for its permission
before it does anything, and so does every page. A closed account may nothing. A publication holds its figures
once for the working group, and once, more strictly protected, for wider circulation; an account reads one of them.
"""

VERBS = """## Verbs

Every deed and every look that an account asks for, by role. yes: whatever it is. own: what is of the own organisation,
or the own account. A test tries each of these cells.
"""


def page(permissions: Iterable[Permission] = Permission, roles: Iterable[Role] = Role) -> str:
    """The whole page: what each role is, then who may do what."""
    roles, head = tuple(roles), HEAD.format(command=COMMAND)
    described = _table(
        ("role", "is", "reads the figures for"),
        ((role.label, role.description, role.circulation.label) for role in roles),
    )
    matrix = _table(
        ("may", *(role.label for role in roles)),
        ((permission.sentence, *_marks(permission, roles)) for permission in permissions),
    )
    verbs = _table(
        ("verb", *(role.label for role in roles)),
        ((f"`{name}`", *(cell.replace("-", "") for cell in cells)) for name, cells in read(MATRIX).rows.items()),
    )
    return "\n".join([head, *described, "", *matrix, "", VERBS, *verbs, ""])


def _marks(permission: Permission, roles: Iterable[Role]) -> Iterator[str]:
    return ("yes" if permission in role.permissions else "" for role in roles)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head)
    yield f"|{'---|' * len(head)}"
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
