"""Accounts of staff, their sessions, attempts to sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None

_NAME, _INDEX = sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    _make_accounts()
    _make_sessions()
    _make_attempts()


def downgrade() -> None:
    for table in ("sign_in_attempts", "staff_sessions", "accounts"):
        op.drop_table(table)


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("login_sealed", sa.LargeBinary()),
        sa.Column("login_index", _INDEX),
        sa.Column("subject_index", _INDEX),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("role", _NAME, nullable=False),
        sa.Column("password_hash", sa.String(length=255)),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary()),
        sa.Column("pending_key_sealed", sa.LargeBinary()),
        sa.Column("last_step", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime()),
        sa.CheckConstraint(
            "role IN ('agent', 'supervisor', 'administrator', 'data_protection_officer', 'read_only')",
            name=op.f("ck_accounts_role"),
        ),
        sa.CheckConstraint("(login_index IS NULL) <> (subject_index IS NULL)", name=op.f("ck_accounts_one_way_in")),
        sa.CheckConstraint("(login_sealed IS NULL) = (login_index IS NULL)", name=op.f("ck_accounts_login_whole")),
        sa.CheckConstraint(
            "(password_hash IS NULL) = (login_index IS NULL)", name=op.f("ck_accounts_password_with_login")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_login_index"), "accounts", ["login_index"], unique=True)
    op.create_index(op.f("ix_accounts_subject_index"), "accounts", ["subject_index"], unique=True)


def _make_sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("token_digest", _INDEX, nullable=False),
        sa.Column("account_id", _NAME, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_staff_sessions")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], ondelete="CASCADE", name=op.f("fk_staff_sessions_accounts")
        ),
    )
    op.create_index(op.f("ix_staff_sessions_account_id"), "staff_sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_staff_sessions_opened_at"), "staff_sessions", ["opened_at"], unique=False)


def _make_attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_index", _INDEX, nullable=False),
        sa.Column("address_index", _INDEX, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_at"), "sign_in_attempts", ["at"], unique=False)
    for column in ("login_index", "address_index"):
        op.create_index(f"ix_sign_in_attempts_{column}_at", "sign_in_attempts", [column, "at"], unique=False)
