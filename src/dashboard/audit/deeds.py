"""Every verb of the trail in plain words. A new verb needs a line here; a test says so."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of deed it is. The value is what a reader chooses."""

    SIGN_IN = "Sign-in"
    ACCOUNTS = "Accounts"
    FIGURES = "Figures"
    READS = "Reads"
    EXPORTS = "Exports"
    TRAIL = "Verification"


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb as a reader sees it: what was done, and what the subject of the event is ("" where it needs no name)."""

    kind: Kind
    sentence: str
    subject: str = ""


DEEDS = {
    "administration.set_up_first_account": Deed(Kind.ACCOUNTS, "Set up the first account", "account"),
    "administration.open_account": Deed(Kind.ACCOUNTS, "Opened an account", "account"),
    "administration.close_account": Deed(Kind.ACCOUNTS, "Closed an account", "account"),
    "administration.reopen_account": Deed(Kind.ACCOUNTS, "Reopened an account", "account"),
    "administration.let_try_again": Deed(Kind.SIGN_IN, "Ended the wait after failed sign-ins", "account"),
    "administration.change_own_password": Deed(Kind.SIGN_IN, "Changed the own password", "account"),
    "submissions.receive": Deed(Kind.FIGURES, "Sent in a return", "return"),
    "submissions.accepted": Deed(Kind.FIGURES, "Accepted a return", "return"),
    "submissions.refused": Deed(Kind.FIGURES, "Refused a return", "return"),
    "submissions.findings": Deed(Kind.READS, "Read what the checks found in a return", "return"),
    "releases.freeze": Deed(Kind.FIGURES, "Froze a release", "release"),
    "releases.approved": Deed(Kind.FIGURES, "Approved a release", "release"),
    "releases.rejected": Deed(Kind.FIGURES, "Sent a release back", "release"),
    "releases.yearly_totals": Deed(Kind.READS, "Read totals before protection", "release"),
    "policy.approve": Deed(Kind.FIGURES, "Approved the disclosure policy", "policy version"),
    "publication.unprotected": Deed(Kind.READS, "Looked at a release before protection", "release"),
    "publication.publish": Deed(Kind.FIGURES, "Published a release", "publication"),
    "publication.withdraw": Deed(Kind.FIGURES, "Withdrew a publication", "publication"),
    "exports.record_download": Deed(Kind.EXPORTS, "Downloaded figures", "publication"),
    "audit.trail": Deed(Kind.READS, "Read the audit trail"),
    "audit.export": Deed(Kind.EXPORTS, "Downloaded the audit trail"),
    "audit.verify": Deed(Kind.TRAIL, "Verified the audit trail"),
}


def sentence(verb: str) -> str:
    """What was done, in plain words; of a verb that is in no table (an older program's), its name."""
    return DEEDS[verb].sentence if verb in DEEDS else verb.replace(".", ": ").replace("_", " ")


def verbs_of(kinds: frozenset[Kind]) -> tuple[str, ...]:
    """Every verb of these kinds."""
    return tuple(verb for verb, deed in DEEDS.items() if deed.kind in kinds)
