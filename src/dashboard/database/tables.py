"""Every table of the one database, and which of them the published reader may see."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

SCHEMA_VERSION = 2


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: stored without a zone, which SQLite can't keep, and given back with one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

# Accounts ---------------------------------------------------------------------------------------

organisations = Table(
    "organisations",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("country", String(3), nullable=False, default=""),
    Column("valid_from", String(10), nullable=False, default=""),
    Column("valid_until", String(10), nullable=False, default=""),
    Column("returns", String(200), nullable=False, default=""),
)
accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("username", String(80), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("password_hash", String(80), nullable=False),
    Column("role", String(20), nullable=False),
    Column("organisation", ForeignKey("organisations.code"), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Moment, nullable=False),
    # Until when a temporary password may be used; NULL: the password is the person's own.
    Column("temporary_until", Moment),
    Column("reopened_at", Moment),
    Column("last_sign_in_at", Moment),
)
clause_acceptances = Table(
    "clause_acceptances",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)

# Sign-in and sessions ---------------------------------------------------------------------------

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("browser", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
tickets = Table(
    "tickets",
    metadata,
    Column("ticket_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
)
second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    # Encrypted under the key of the installation, which is not in the database.
    Column("secret", Text, nullable=False),
    Column("set_up_at", Moment, nullable=False),
    # The half minute of the last code: each is taken once.
    Column("last_step", Integer, nullable=False),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
)
closures = Table(
    "closures",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("closed", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_id", String(36), nullable=False),
    Column("reason", Text, nullable=False),
)
incidents = Table(
    "incidents",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_id", String(36), nullable=False),
    Column("text", Text, nullable=False),
)
failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
setup_codes = Table(
    "setup_codes",
    metadata,
    Column("code_sha256", String(64), primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# Single sign-on: who was sent to the identity provider, who came back, and whose account that is.
oidc_requests = Table(
    "oidc_requests",
    metadata,
    Column("state_sha256", String(64), primary_key=True),
    Column("browser_sha256", String(64), nullable=False),
    Column("address_sha256", String(64), nullable=False, index=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
pending_identities = Table(
    "pending_identities",
    metadata,
    Column("secret_sha256", String(64), primary_key=True),
    Column("issuer", String(500), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("display_name", String(120), nullable=False),
    Column("several_factors", Boolean, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
identities = Table(
    "identities",
    metadata,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("linked_at", Moment, nullable=False),
    # A second one would let somebody in beside the owner, who would not notice.
    Index("one_identity_of_a_provider", "account_id", "issuer", unique=True),
)

# What was done ----------------------------------------------------------------------------------

audit_events = Table(
    "audit_events",
    metadata,
    # Without gaps, so the writer counts: a number that the database gives out is lost in a rollback.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("account_name", String(120), nullable=False),
    Column("verb", String(60), nullable=False, index=True),
    Column("subject", String(120), nullable=False),
    Column("details", JSON, nullable=False),
    Column("mac", String(64), nullable=False),
    # Whether the same account has read the same thing lately.
    Index("readings", "account_id", "verb", "subject", "at"),
)

# The path, left of the wall ---------------------------------------------------------------------

submissions = Table(
    "submissions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("filename", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("profile", String(60), nullable=False),
    Column("organisation", ForeignKey("organisations.code"), nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("sent_by", String(36), nullable=False),
    Column("sent_by_name", String(120), nullable=False),
    Column("received_at", Moment, nullable=False),
    # The same file of the same organisation twice is one submission, also when two people send it at once.
    Index("one_submission_a_file", "sha256", "organisation", "attempt", unique=True),
)
submission_events = Table(
    "submission_events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_id", String(36), nullable=False),
    Column("reason", Text, nullable=False, default=""),
)
erasure_events = Table(
    "erasure_events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_id", String(36), nullable=False),
    Column("reason", Text, nullable=False),
)
findings = Table(
    "findings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
    Column("severity", String(10), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("message", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("sheet", String(120), nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", String(120), nullable=False),
    Column("value", String(120), nullable=False),
)
observations = Table(
    "observations",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
    Column("structure", String(40), nullable=False),
    Column("period", String(10), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("codes", String(400), nullable=False),
    Column("value", Integer),
    Column("censored_below", Integer),
    Column("status", String(20), nullable=False),
    CheckConstraint("value IS NULL OR value >= 0", name="counts_are_not_negative"),
)
releases = Table(
    "releases",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("invented", Boolean, nullable=False),
    Column("frozen_at", Moment, nullable=False),
    Column("frozen_by", String(36), nullable=False),
    Column("frozen_by_name", String(120), nullable=False),
)
release_submissions = Table(
    "release_submissions",
    metadata,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
)
release_events = Table(
    "release_events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("release_id", ForeignKey("releases.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_id", String(36), nullable=False),
    Column("reason", Text, nullable=False, default=""),
)
policy_approvals = Table(
    "policy_approvals",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("version", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("by_id", String(36), nullable=False),
    Column("reason", Text, nullable=False),
)
publication_records = Table(
    "publication_records",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), primary_key=True),
    # What later publications need to be protected together with this one: true counts, so left of the wall.
    Column("content", JSON, nullable=False),
)
kept_counts = Table(
    "kept_counts",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), primary_key=True),
    # The counts a publication was made of, without the organisations, from the day a return behind it is erased.
    Column("content", JSON, nullable=False),
)

# The group's cycle ------------------------------------------------------------------------------

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(36), primary_key=True),
    # The bytes lie in a folder under this name, once however often they were attached.
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("size", Integer, nullable=False),
    Column("organisation", ForeignKey("organisations.code"), nullable=False),
    Column("attached_by", String(36), nullable=False),
    Column("attached_by_name", String(120), nullable=False),
    Column("attached_at", Moment, nullable=False),
)

# Right of the wall: what views may read ---------------------------------------------------------

publications = Table(
    "publications",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("release_id", String(64), nullable=False),
    Column("policy", JSON, nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("data_until", String(10), nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("published_by_name", String(120), nullable=False),
    Column("reason", Text, nullable=False),
)
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("reason", Text, nullable=False),
)
published_tables = Table(
    "published_tables",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("structure", String(40), nullable=False),
    Column("dimensions", JSON, nullable=False),
    Column("counted", JSON, nullable=False),
    # Levels of periods that are shown, in the plan's order; and by dimension what each group of codes holds.
    Column("period_levels", JSON, nullable=False),
    Column("groups", JSON, nullable=False),
)
MAX_DIMENSIONS = 7
published_cells = Table(
    "published_cells",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), primary_key=True),
    # Each circulation has rows of its own: a reader of one never reads those of another.
    Column("circulation", String(20), primary_key=True),
    Column("table_name", String(60), primary_key=True),
    *(Column(f"code_{place}", String(40), primary_key=True) for place in range(1, MAX_DIMENSIONS + 1)),
    # NULL is a withheld cell: nothing else about it is stored. A cell that is not here is a shown zero.
    Column("value", Integer),
    sqlite_with_rowid=False,
)
published_coverage = Table(
    "published_coverage",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), primary_key=True),
    Column("structure", String(40), primary_key=True),
    Column("organisation", String(40), primary_key=True),
    Column("organisation_name", String(200), nullable=False),
    Column("period", String(10), primary_key=True),
    Column("status", String(20), nullable=False),
)

PUBLISHED = (publications, withdrawals, published_tables, published_cells, published_coverage)
"""What the published engine may read; every other table is refused to it."""

NEVER_CHANGED = (
    audit_events,
    clause_acceptances,
    closures,
    incidents,
    submissions,
    submission_events,
    erasure_events,
    findings,
    observations,
    releases,
    release_submissions,
    release_events,
    policy_approvals,
    publication_records,
    kept_counts,
    attachments,
    *PUBLISHED,
)
"""Rows are added and stay as they are: a trigger refuses UPDATE and DELETE, but for what ERASABLE lets through."""

_ERASURE_APPROVED = "EXISTS (SELECT 1 FROM erasure_events WHERE submission_id = OLD.{key} AND status = 'approved')"
ERASABLE = {
    ("submissions", "UPDATE"): " AND ".join(
        [
            _ERASURE_APPROVED.format(key="id"),
            "NEW.content = x''",
            *(f"NEW.{column.name} IS OLD.{column.name}" for column in submissions.columns if column.name != "content"),
        ]
    ),
    ("findings", "DELETE"): _ERASURE_APPROVED.format(key="submission_id"),
    ("observations", "DELETE"): _ERASURE_APPROVED.format(key="submission_id"),
}
"""The one exception: when two persons have decided on it, the bytes, counts and findings of a return go for good."""

SECOND_PERSON = (
    "NEW.status = 'approved' AND NOT EXISTS (SELECT 1 FROM erasure_events AS last WHERE last.number = "
    "(SELECT max(number) FROM erasure_events WHERE submission_id = NEW.submission_id) "
    "AND last.status = 'proposed' AND last.by_id <> NEW.by_id)"
)
"""What an erasure event may not be: an approval that does not follow the proposal of somebody else."""
