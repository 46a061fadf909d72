"""About this dashboard, for everybody who reads it. Made from the tables and files that the program goes by."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from dashboard import published_tables
from dashboard.accounts import Account, Permission, Role
from dashboard.datasets import STRUCTURES
from dashboard.disclosure import load_policy
from dashboard.published_tables import Circulation
from dashboard.ui import data_statement, installation, layout, publication_screen
from dashboard.ui.markdown import safe_html
from dashboard.ui.plain import plain
from dashboard.validation.free_text import Kind

KEPT_ABOUT_READERS = (
    (
        "**Your account**: username, name, role, organisation, a hash of your password, never the password itself, and "
        "when you accepted what every reader promises.",
        ("accounts", "clause_acceptances"),
    ),
    (
        "**How you sign in**: the secret of your phone, under a key that does not lie in the database, hashes of "
        "recovery codes, and by which name an identity provider knows you.",
        ("second_factors", "recovery_codes", "identities"),
    ),
    (
        "**Your sessions**: when each began, in which browser, when you were last there, and when it ended. A week "
        "later they are forgotten; that you signed in and out stays among what you do.",
        ("sessions", "tickets"),
    ),
    (
        "**Failed sign-ins**: how many in a row and when, under a hash of the username and of the network address.",
        ("failed_sign_ins",),
    ),
    (
        "**What you do**: signing in and out, sending, attaching files, deciding, approving, publishing, erasing, each "
        "download, each look at counts before protection, reporting an incident, closing the dashboard, and going on "
        "in spite of a warning; with your name, the time and the reason you gave.",
        (
            "audit_events",
            "closures",
            "incidents",
            "submissions",
            "submission_events",
            "attachments",
            "erasure_events",
            "releases",
            "release_events",
            "policy_approvals",
            "publications",
            "withdrawals",
        ),
    ),
)
"""Each sentence, and the tables it speaks of. A test fails where a table names a person and stands in none."""


def holdings() -> None:
    """What is held, and what is not."""
    held, not_held = _pair("holdings")
    with held:
        st.subheader("What is held", anchor=False)
        st.markdown("Counts that organisations send in, and nothing finer:")
        st.markdown("\n".join(f"- **{one.label}.** {one.definition}" for one in STRUCTURES.values()))
    with not_held:
        st.subheader("What is not held", anchor=False)
        st.markdown("**No records of persons**: no names, no case files, no addresses of people or of shelters.")
        st.markdown("A file that looks like records of single persons is refused, and nothing of it is kept.")
        kinds = [kind.value for kind in Kind]
        st.markdown(
            f"A reason that somebody types is looked through before it is written. Where it seems to hold "
            f"{', '.join(kinds[:-1])} or {kinds[-1]}, the person is asked to mend it."
        )
        layout.note("No program finds every name. Who sees one here tells the secretariat.")


def statements() -> None:
    """Why each data set is held, from whom, how long; and who answers for it."""
    known = data_statement.known()
    with st.container(border=True):
        st.subheader("Why, from whom, and for how long", anchor=False)
        tabs = st.tabs([STRUCTURES[name].label for name in known.statements])
        for tab, statement in zip(tabs, known.statements.values(), strict=True):
            with tab:
                data_statement.facts(statement)
        layout.note(f"These statements: {plain(known.decided)}.")
    ask, incident = _pair("whom_to_ask")
    with ask:
        st.subheader("Whom to ask", anchor=False)
        # The texts come from a reference file: through the guard, like whatever else we did not write.
        answers = f"<dt>Who answers for it</dt><dd>{safe_html(known.controller)}</dd>"
        with st.container(key="facts_contact"):
            st.html(f"<dl>{answers}<dt>Contact</dt><dd>{safe_html(known.contact)}</dd></dl>")
    with incident:
        st.subheader("If something went wrong", anchor=False)
        with st.container(key="facts_incident"):
            st.html(safe_html(known.incident))
        layout.note("A number that should not be seen, a name, a lost password: tell it at once, also when in doubt.")


def protection() -> None:
    """How small counts are protected, in plain words, with the numbers of the policy in force."""
    policy = load_policy(installation.settings().reference_dir)
    with installation.database().read_published() as connection:
        current = published_tables.current(connection)
    with st.container(border=True):
        st.subheader("How small counts are protected", anchor=False)
        st.markdown(
            "A small count could point at a single person. It is withheld and shows as **c**. Where it could be worked "
            "out from totals, from other tables or from an earlier publication, further counts are withheld with it. "
            "Numbers that are shown are true: nothing is rounded or changed."
        )
        layout.text_table(publication_screen.policy_frame(policy), "Smallest count shown, by circulation")
        now = f"The figures shown now were made under version {current.policy['version']}." if current else ""
        layout.note(f"Policy version {plain(policy.version)}: {plain(policy.decided)}. {plain(now)}")


def readers() -> None:
    """What is kept about the people who use the dashboard."""
    with st.container(border=True):
        st.subheader("What is kept about you", anchor=False)
        st.markdown("\n".join(f"- {sentence}" for sentence, _ in KEPT_ABOUT_READERS))
        st.markdown("Looking at a published figure is not noted. Nothing about you leaves this machine.")
        layout.note(
            f"What was done stays for good: the database refuses to change it. It is read by {_holders()}. No other "
            "program watches you: there are no advertising or counting services."
        )


def _holders() -> str:
    return _listed(role.label.lower() for role in Role if Permission.READ_AUDIT_TRAIL in role.permissions)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"the {name}" for name in names)


def roles(account: Account) -> None:
    """Who may see what, from the table of roles."""
    with st.container(border=True):
        st.subheader("Who may see what", anchor=False)
        frame = pd.DataFrame(
            {
                "Is": [role.description for role in Role],
                "Reads the figures for": [role.circulation.label for role in Role],
                "Sees counts before protection": [_yes(role, Permission.SEE_UNPROTECTED_TOTALS) for role in Role],
            },
            index=pd.Index([_named(role, account) for role in Role], name="Role"),
        )
        layout.text_table(frame, "What each role is and reads")
        layout.note(
            f"A publication holds its figures once for each: {_circulations()}. A member sees the returns of the own "
            "organisation, and of no other."
        )
        with st.expander("Everything that each role may do"):
            matrix = pd.DataFrame(
                {role.label: [_yes(role, permission) for permission in Permission] for role in Role},
                index=pd.Index([permission.sentence for permission in Permission], name="May"),
            )
            layout.text_table(matrix, "What each role may do")


def _circulations() -> str:
    return " and ".join(circulation.label for circulation in Circulation)


def _named(role: Role, account: Account) -> str:
    return f"{role.label} (you)" if role is account.role else role.label


def _yes(role: Role, permission: Permission) -> str:
    return "yes" if permission in role.permissions else ""


def _pair(key: str) -> tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator]:
    """Two cards of one height, side by side."""
    with st.container(key=f"pair_{key}"):
        left, right = st.columns(2)
    return left.container(border=True, height="stretch"), right.container(border=True, height="stretch")
