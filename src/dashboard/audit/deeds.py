"""Every verb of the trail in plain words. A new verb needs a line here; a test says so."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of deed it is. The value is what a reader chooses."""

    SIGN_IN = "Sign-in"
    ACCOUNTS = "Accounts"
    SAFETY = "Safety"
    FIGURES = "Figures"
    FILES = "Files"
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
    "administration.invite": Deed(Kind.ACCOUNTS, "Opened an account", "account"),
    "administration.invite_anew": Deed(Kind.ACCOUNTS, "Gave a new temporary password", "account"),
    "administration.change_role": Deed(Kind.ACCOUNTS, "Changed a role", "account"),
    "administration.close_account": Deed(Kind.ACCOUNTS, "Closed an account", "account"),
    "administration.close_unused": Deed(Kind.ACCOUNTS, "Closed accounts that nobody used"),
    "administration.reopen_account": Deed(Kind.ACCOUNTS, "Reopened an account", "account"),
    "administration.forget_second_factor": Deed(Kind.ACCOUNTS, "Forgot a second factor", "account"),
    "administration.rescue": Deed(Kind.ACCOUNTS, "Let an administrator in at the machine itself", "account"),
    "administration.add_organisation": Deed(Kind.ACCOUNTS, "Added an organisation", "organisation"),
    "administration.change_organisation": Deed(Kind.ACCOUNTS, "Changed an organisation", "organisation"),
    "administration.let_try_again": Deed(Kind.SIGN_IN, "Ended the wait after failed sign-ins", "account"),
    "sessions.start": Deed(Kind.SIGN_IN, "Signed in", "account"),
    "sessions.end": Deed(Kind.SIGN_IN, "Signed out", "account"),
    "sessions.failed": Deed(Kind.SIGN_IN, "Failed to sign in", "account"),
    "sessions.confirm": Deed(Kind.SIGN_IN, "Gave the password once more", "account"),
    "sessions.end_session": Deed(Kind.SIGN_IN, "Signed out at another place", "account"),
    "sessions.end_other_sessions": Deed(Kind.SIGN_IN, "Signed out everywhere else", "account"),
    "sessions.choose_password": Deed(Kind.SIGN_IN, "Chose a password in place of a temporary one", "account"),
    "sessions.change_password": Deed(Kind.SIGN_IN, "Changed the own password", "account"),
    "sessions.set_up_second_factor": Deed(Kind.SIGN_IN, "Set up a second factor", "account"),
    "sessions.renew_recovery_codes": Deed(Kind.SIGN_IN, "Made new recovery codes", "account"),
    "sessions.remove_second_factor": Deed(Kind.SIGN_IN, "Removed the own second factor", "account"),
    "sessions.accept_clause": Deed(Kind.SIGN_IN, "Promised what every reader promises", "account"),
    "single_sign_on.link": Deed(Kind.SIGN_IN, "Linked single sign-on", "account"),
    "single_sign_on.unlink": Deed(Kind.SIGN_IN, "Took a link of single sign-on away", "account"),
    "sessions.report_incident": Deed(Kind.SAFETY, "Reported an incident", "account"),
    "sessions.close_dashboard": Deed(Kind.SAFETY, "Closed the dashboard", "account"),
    "sessions.reopen_dashboard": Deed(Kind.SAFETY, "Opened the dashboard again", "account"),
    "data_protection.propose_erasure": Deed(Kind.FIGURES, "Proposed to erase a return", "return"),
    "data_protection.approve_erasure": Deed(Kind.FIGURES, "Erased a return past its time", "return"),
    "data_protection.decline_erasure": Deed(Kind.FIGURES, "Kept a return past its time", "return"),
    "data_protection.went_on": Deed(Kind.SAFETY, "Left a text as it was in spite of a warning", "verb"),
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
    "attachments.attach": Deed(Kind.FILES, "Attached a file", "attachment"),
    "attachments.open": Deed(Kind.EXPORTS, "Took an attached file", "attachment"),
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
