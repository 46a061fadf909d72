"""Organisations on screen: who is in the group, what each reports, and the form that adds or changes one."""

import pandas as pd
import streamlit as st

from dashboard import administration
from dashboard.accounts import Account, Organisation
from dashboard.datasets import STRUCTURES
from dashboard.ui import installation, layout, verbs

_NEW = ""


def organisations(account: Account) -> None:
    """Every organisation and what it is expected to report."""
    found = _all(account)
    frame = pd.DataFrame(
        {
            "Code": [item.code for item in found],
            "Kind": [item.kind.replace("_", " ") for item in found],
            "Country": [item.country for item in found],
            "In the group": [_dates(item) for item in found],
            "Expected returns": [", ".join(item.returns) for item in found],
        },
        index=pd.Index([item.name for item in found], name="Organisation"),
    )
    with st.container(border=True):
        layout.text_table(frame, "Organisations by name")


def change(account: Account) -> None:
    """The form that adds an organisation, or changes one."""
    by_code = {item.code: item for item in _all(account)}
    with st.container(border=True):
        st.subheader("Add or change", anchor=False)
        chosen = st.selectbox(
            "Organisation",
            [_NEW, *by_code],
            format_func=lambda code: by_code[code].name if code else "A new organisation",
            key="organisation",
        )
        _form(by_code.get(str(chosen)), sorted({item.kind for item in by_code.values()}), account)


def _form(now: Organisation | None, kinds: list[str], account: Account) -> None:
    # A form for each organisation: what was typed for one does not turn up in another's.
    with st.form(f"organisation_{now.code if now else ''}"):
        left, right = st.columns(2, gap="large")
        code = (
            now.code
            if now
            else left.text_input("Code", max_chars=40, help="Capital letters, such as MPS. It never changes.")
        )
        changed = Organisation(
            code=code.strip(),
            name=left.text_input("Name", now.name if now else "", max_chars=200).strip(),
            kind=str(left.selectbox("Kind", kinds, index=kinds.index(now.kind) if now else 0, format_func=_words)),
            country=right.text_input(
                "Country", now.country if now else "", max_chars=3, help="Three letters of ISO 3166-1, such as MDV."
            ).strip(),
            valid_from=right.text_input("In the group from", now.valid_from if now else "", placeholder="2026-01-01"),
            valid_until=right.text_input("Until", now.valid_until if now else "", placeholder="still in it"),
            returns=tuple(left.multiselect("Expected returns", list(STRUCTURES), now.returns if now else ())),
        )
        if not st.form_submit_button("Keep", type="primary"):
            return
    verb = administration.change_organisation if now else administration.add_organisation
    verbs.perform(verb, changed, by=account, said=f"{changed.name} is kept.")


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _dates(item: Organisation) -> str:
    if item.valid_until:
        return f"{item.valid_from or 'before'} to {item.valid_until}"
    return f"since {item.valid_from}" if item.valid_from else ""


def _all(account: Account) -> tuple[Organisation, ...]:
    with installation.database().read() as connection:
        return administration.all_organisations(connection, by=account)
