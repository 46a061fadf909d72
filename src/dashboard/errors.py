"""Errors that a reader of the screen may see: each says what is wrong and what to do next."""


class DashboardError(Exception):
    """Something the person at the screen can act on; the message is safe to show.

    Any other exception is a fault of ours: its text may hold figures and is never shown.
    """


class NotPermitted(DashboardError):
    """The account's role does not hold the permission that the verb asks for."""


class NotFound(DashboardError):
    """Nothing of that name is there, or the account may not know that it is: one answer for both."""


class Conflict(DashboardError):
    """The step is not possible in the present state; the message names the state and the next step."""


class ConfigurationError(DashboardError):
    """A setting or a reference file is wrong; the message names the file, the entry and the mend."""
