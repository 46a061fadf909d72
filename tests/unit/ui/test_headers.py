"""What the gate says to browsers that depends on the connection; the rest is tried in tests/browser/test_gate.py."""

from tests.asking import ask

HEALTH = "_stcore/health"
YEAR = 365 * 24 * 60 * 60


def test_behind_tls_a_browser_keeps_to_it_for_a_year() -> None:
    assert ask(HEALTH, scheme="https").headers["strict-transport-security"] == f"max-age={YEAR}"
    assert "wss://" in ask(HEALTH, scheme="https").headers["content-security-policy"]


def test_without_tls_nobody_is_told_to() -> None:
    """Negative control: on a laptop it would close the dashboard for a year."""
    assert "strict-transport-security" not in ask(HEALTH).headers
    assert "wss://" not in ask(HEALTH).headers["content-security-policy"]
