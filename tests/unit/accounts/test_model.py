"""Roles and permissions, drawn: a change of a role shows here as a change of the drawing."""

from collections.abc import Mapping

import pytest
from tests.spec.drawing import read

from dashboard.accounts import Account, Permission, Role, require
from dashboard.errors import NotPermitted
from dashboard.published_tables import Circulation

MAY = """
                           administrator secretariat chair member official
KEEP_OWN_ACCOUNT                 yes         yes      yes    yes     yes
VIEW_FIGURES                     yes         yes      yes    yes     yes
EXPORT_FIGURES                   yes         yes      yes    yes     yes
SEND_SUBMISSIONS                  -          yes       -     yes      -
SEND_FOR_ANY_ORGANISATION         -          yes       -      -       -
DECIDE_SUBMISSIONS                -          yes       -      -       -
FREEZE_RELEASES                   -          yes       -      -       -
APPROVE_RELEASES                  -          yes      yes     -       -
SEE_UNPROTECTED_TOTALS            -          yes      yes     -       -
PUBLISH                           -           -       yes     -       -
ATTACH_FILES                      -          yes      yes    yes      -
READ_ATTACHMENTS                  -          yes      yes    yes      -
READ_ALL_ATTACHMENTS              -          yes      yes     -       -
SEE_RETENTION                     -          yes      yes     -       -
PROPOSE_ERASURE                   -          yes       -      -       -
APPROVE_ERASURE                   -           -       yes     -       -
ADMINISTER_ACCOUNTS              yes          -        -      -       -
CLOSE_DASHBOARD                  yes         yes      yes     -       -
REOPEN_DASHBOARD                 yes          -        -      -       -
READ_AUDIT_TRAIL                 yes          -        -      -       -
"""


def test_who_may_do_what() -> None:
    drawn = read(MAY)
    held = {
        permission.name: tuple("yes" if permission in role.permissions else "-" for role in Role)
        for permission in Permission
    }
    assert drawn.columns == tuple(role.value for role in Role)
    assert drawn.rows == held


def test_nobody_alone_brings_a_figure_to_the_screen() -> None:
    """Accepting, freezing and approving may lie with one role, publishing not, and administering neither."""
    for role in Role:
        assert not {Permission.FREEZE_RELEASES, Permission.PUBLISH} <= role.permissions
        assert not {Permission.ADMINISTER_ACCOUNTS, Permission.SEE_UNPROTECTED_TOTALS} <= role.permissions


def test_nobody_alone_erases_a_return() -> None:
    assert not [role for role in Role if {Permission.PROPOSE_ERASURE, Permission.APPROVE_ERASURE} <= role.permissions]


def test_every_role_and_permission_says_what_it_is() -> None:
    assert all(role.description.endswith(".") and role.label for role in Role)
    sentences = [permission.sentence for permission in Permission]
    assert len(set(sentences)) == len(sentences)


def test_officials_read_what_is_for_wider_circulation_and_all_others_what_is_for_the_group() -> None:
    wider = {role for role in Role if role.circulation is Circulation.WIDER}
    assert wider == {Role.OFFICIAL}
    assert {role.circulation for role in set(Role) - wider} == {Circulation.GROUP}


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
@pytest.mark.parametrize("role", Role)
def test_require_lets_through_who_holds_it_and_tells_the_others(role: Role, permission: Permission) -> None:
    account = Account("1", "somebody", "Somebody", role, "MPS")
    if permission in role.permissions:
        require(account, permission)
        return
    with pytest.raises(NotPermitted) as refused:
        require(account, permission)
    assert role.label in str(refused.value)
    assert permission.sentence in str(refused.value)


@pytest.mark.parametrize("role", Role)
def test_a_closed_account_may_nothing(role: Role) -> None:
    closed = Account("1", "somebody", "Somebody", role, "MPS", active=False)
    assert [permission for permission in Permission if closed.may(permission)] == []


def test_there_is_an_account_for_each_role(accounts: Mapping[Role, Account]) -> None:
    assert {account.role for account in accounts.values()} == set(Role)
