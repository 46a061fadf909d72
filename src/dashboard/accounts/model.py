"""Who may do what: accounts, roles and permissions. The screens and the documentation read this table."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.errors import NotPermitted
from dashboard.published_tables import Circulation


class Permission(StrEnum):
    """What a verb can ask for. The value is the sentence a reader sees."""

    KEEP_OWN_ACCOUNT = "Look after the own account"
    VIEW_FIGURES = "See the published figures"
    EXPORT_FIGURES = "Download the published figures"
    SEND_SUBMISSIONS = "Send in the return of the own organisation"
    SEND_FOR_ANY_ORGANISATION = "Send in a return on behalf of any organisation"
    DECIDE_SUBMISSIONS = "Accept or refuse a return"
    FREEZE_RELEASES = "Freeze accepted returns into a release"
    APPROVE_RELEASES = "Approve a release that somebody else froze"
    SEE_UNPROTECTED_TOTALS = "See totals before protection"
    PUBLISH = "Publish an approved release, and withdraw a publication"
    ATTACH_FILES = "Attach files as evidence"
    READ_ATTACHMENTS = "Take files that the own organisation attached"
    READ_ALL_ATTACHMENTS = "Take files that any organisation attached"
    SEE_RETENTION = "See which returns are past the time they are kept"
    PROPOSE_ERASURE = "Propose to erase a return that is past its time"
    APPROVE_ERASURE = "Erase a return that somebody else proposed to erase, or keep it"
    ADMINISTER_ACCOUNTS = "Open, change and close accounts"
    CLOSE_DASHBOARD = "Close the dashboard to everybody in an incident"
    REOPEN_DASHBOARD = "Open the dashboard again after an incident"
    READ_AUDIT_TRAIL = "Read the audit trail"

    @property
    def sentence(self) -> str:
        """The permission as a screen says it."""
        return self.value


class Role(StrEnum):
    """What an account is in the group. An account has one role."""

    ADMINISTRATOR = "administrator"
    SECRETARIAT = "secretariat"
    CHAIR = "chair"
    MEMBER = "member"
    OFFICIAL = "official"

    @property
    def label(self) -> str:
        """How a screen names the role."""
        return self.value.capitalize()

    @property
    def description(self) -> str:
        """One sentence for the person who chooses a role."""
        return _DESCRIPTIONS[self]

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the role may do; what is not listed is refused."""
        return PERMISSIONS[self]

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is not enough. Others may set a second factor up as they like."""
        return self in _WITH_SECOND_FACTOR

    @property
    def circulation(self) -> Circulation:
        """Which figures the role reads. A role that is not named reads the more strictly protected ones."""
        return Circulation.GROUP if self in _OF_THE_GROUP else Circulation.WIDER


_DESCRIPTIONS = {
    Role.ADMINISTRATOR: "Runs the installation: accounts, organisations, audit trail. Decides nothing about figures.",
    Role.SECRETARIAT: "IOM: receives and checks returns, freezes releases, prepares the meeting.",
    Role.CHAIR: "Chairs the group: approves releases, publishes and withdraws.",
    Role.MEMBER: "Sits in the group for an organisation: sends its return and sees the published figures.",
    Role.OFFICIAL: "Looks at the figures that are published for wider circulation.",
}

_OF_THE_GROUP = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT, Role.CHAIR, Role.MEMBER})

_WITH_SECOND_FACTOR = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT})

_READERS = frozenset({Permission.KEEP_OWN_ACCOUNT, Permission.VIEW_FIGURES, Permission.EXPORT_FIGURES})

_SITTING = _READERS | {Permission.ATTACH_FILES, Permission.READ_ATTACHMENTS}
"""Who sits in the group: brings papers along, and takes them home."""

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _READERS
    | {
        Permission.ADMINISTER_ACCOUNTS,
        Permission.READ_AUDIT_TRAIL,
        Permission.CLOSE_DASHBOARD,
        Permission.REOPEN_DASHBOARD,
    },
    Role.SECRETARIAT: _SITTING
    | {
        Permission.READ_ALL_ATTACHMENTS,
        Permission.SEND_SUBMISSIONS,
        Permission.SEND_FOR_ANY_ORGANISATION,
        Permission.DECIDE_SUBMISSIONS,
        Permission.FREEZE_RELEASES,
        Permission.APPROVE_RELEASES,
        Permission.SEE_UNPROTECTED_TOTALS,
        Permission.CLOSE_DASHBOARD,
        Permission.SEE_RETENTION,
        Permission.PROPOSE_ERASURE,
    },
    Role.CHAIR: _SITTING
    | {
        Permission.READ_ALL_ATTACHMENTS,
        Permission.APPROVE_RELEASES,
        Permission.SEE_UNPROTECTED_TOTALS,
        Permission.PUBLISH,
        Permission.CLOSE_DASHBOARD,
        Permission.SEE_RETENTION,
        Permission.APPROVE_ERASURE,
    },
    Role.MEMBER: _SITTING | {Permission.SEND_SUBMISSIONS},
    Role.OFFICIAL: _READERS,
}


CONFIRMED_FOR = timedelta(minutes=15)
"""How long a given password stands for the person before a sensitive change asks for it again."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in, with one role, for one organisation.

    confirmed_at is when the person behind the present session last proved who they are; None outside of one.
    """

    id: str
    username: str
    display_name: str
    role: Role
    organisation: str
    active: bool = True
    confirmed_at: datetime | None = field(default=None, compare=False)

    def may(self, permission: Permission) -> bool:
        """Whether the account's role holds the permission; a closed account holds none."""
        return self.active and permission in self.role.permissions


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands: when its person was last there, and whether its password is a temporary one."""

    account: Account
    last_sign_in_at: datetime | None
    in_use_at: datetime
    temporary_until: datetime | None


class ConfirmFirst(NotPermitted):
    """The account may, but has to give its password once more before a change like this."""


def require(account: Account, permission: Permission) -> None:
    """The first line of every verb and every screen. Raises NotPermitted, which says what was missing."""
    if not account.may(permission):
        raise NotPermitted(
            f'Your role ({account.role.label}) does not include "{permission.sentence}". '
            "Ask an administrator if you need it."
        )


def require_confirmed(account: Account, permission: Permission, *, at: datetime) -> None:
    """The first line of a verb that an unattended screen must not offer to whoever walks by. Raises ConfirmFirst."""
    require(account, permission)
    if account.confirmed_at is None or not timedelta(0) <= at - account.confirmed_at <= CONFIRMED_FOR:
        raise ConfirmFirst("Give your password once more: a change like this asks for it.")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An agency, ministry, mission or partner. `returns` names the structures it is expected to report."""

    code: str
    name: str
    kind: str
    country: str
    valid_from: str
    valid_until: str
    returns: tuple[str, ...]
