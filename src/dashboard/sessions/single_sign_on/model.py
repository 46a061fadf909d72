"""What single sign-on speaks of: an identity, a request to prove one, and why one was not proved."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dashboard.errors import DashboardError

LIFE = timedelta(minutes=10)
"""How long somebody may take at the provider, and then for the steps after it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider: its name for itself, and its name for the person. Never an e-mail address.

    E-mail addresses are given to somebody else when a person leaves; a subject never is.
    """

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What the provider says of somebody who just signed in there. display_name is text that a person typed."""

    identity: Identity
    display_name: str
    several_factors: bool


@dataclass(frozen=True, slots=True)
class PendingIdentity(Proven):
    """A proven identity between coming back and being signed in. display_name is shown to its owner only."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity that opens an account, since when."""

    identity: Identity
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What was agreed when a browser was sent to the provider; only the answer to it is taken."""

    state: str = field(repr=False)
    browser: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class SignOnFailed(DashboardError):
    """Nobody was proved. The message is for the person, `reason` for the log: words of ours, nothing that was sent."""

    def __init__(self, reason: str, message: str = "") -> None:
        self.reason = reason
        super().__init__(message or "The sign-in could not be checked, so nobody was signed in. Start again.")


def provider_away(reason: str) -> SignOnFailed:
    """The provider gave no answer that can be used."""
    return SignOnFailed(reason, "The provider of your account does not answer as it should. Try again in some minutes.")
