"""Signing in and out: steps, lock-out, second factor, sessions, and closing the dashboard in an incident."""

from dashboard.sessions.actions import (
    accept_clause,
    change_password,
    choose_password,
    close_dashboard,
    closure,
    confirm,
    end_other_sessions,
    end_session,
    incidents,
    own_sessions,
    remove_second_factor,
    renew_recovery_codes,
    reopen_dashboard,
    report_incident,
    set_up_second_factor,
)
from dashboard.sessions.model import Closure, Incident, Refused, Session, Step

__all__ = [
    "Closure",
    "Incident",
    "Refused",
    "Session",
    "Step",
    "accept_clause",
    "change_password",
    "choose_password",
    "close_dashboard",
    "closure",
    "confirm",
    "end_other_sessions",
    "end_session",
    "incidents",
    "own_sessions",
    "remove_second_factor",
    "renew_recovery_codes",
    "reopen_dashboard",
    "report_incident",
    "set_up_second_factor",
]
