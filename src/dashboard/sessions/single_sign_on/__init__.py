"""Single sign-on by OpenID Connect: an identity provider says who somebody is, and our database what they may.

Only invited people get in. Whoever comes back from the provider is a pending identity; it is worth something only
where an account is linked to it, which takes the username and the temporary password of an invitation.
"""

from dashboard.sessions.single_sign_on.actions import link, unlink
from dashboard.sessions.single_sign_on.model import (
    LIFE,
    Identity,
    LinkedIdentity,
    OpenRequest,
    PendingIdentity,
    Proven,
    SignOnFailed,
)
from dashboard.sessions.single_sign_on.provider import Answer, Provider
from dashboard.sessions.single_sign_on.store import (
    account_of,
    identities_of,
    keep_pending,
    open_request,
    pending,
    take_request,
    use_pending,
)

__all__ = [
    "LIFE",
    "Answer",
    "Identity",
    "LinkedIdentity",
    "OpenRequest",
    "PendingIdentity",
    "Proven",
    "Provider",
    "SignOnFailed",
    "account_of",
    "identities_of",
    "keep_pending",
    "link",
    "open_request",
    "pending",
    "take_request",
    "unlink",
    "use_pending",
]
