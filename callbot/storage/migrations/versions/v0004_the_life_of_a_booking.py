"""Capacity in objects and volume, the whole life of a booking, the resident's link and photos, more messages, STOP.

On SQLite a check is changed by making the table anew; ``storage.migrate`` runs this without foreign keys, so that
nothing that points at a table is swept away with its old form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from callbot.storage.types import UtcDateTime

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None

_NAME, _INDEX, _CALL = sa.String(length=64), sa.String(length=64), sa.String(length=64)
_STATUS = "status IN ('booked', 'cancelled', 'collected')"
_LIFE = (
    "status IN ('booked', 'replanned', 'collected', 'not_presented', 'not_conform', 'inaccessible', 'missed',"
    " 'cancelled')"
)
_KIND = "kind IN ('amended', 'cancelled')"
_KINDS = "kind IN ('amended', 'cancelled', 'outcome', 'replanned', 'completed')"
_SENT = "status IN ('queued', 'leased', 'sent', 'dead')"
_WITHDRAWN = "status IN ('queued', 'leased', 'sent', 'dead', 'withdrawn')"
_ENDED = "('not_presented', 'not_conform', 'inaccessible', 'missed')"


def _counter(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))


def _day_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("capacity_items", sa.Integer()), _counter("used_items"),
        sa.Column("capacity_litres", sa.Integer()), _counter("used_litres"),
    ]  # fmt: skip


def _booking_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("note_sealed", sa.LargeBinary()),
        sa.Column("calls_wanted", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("address_index", _INDEX),
        _counter("load_items"),
        _counter("load_litres"),
        sa.Column("link_sealed", sa.LargeBinary()),
        sa.Column("link_index", _INDEX),
        sa.Column("not_conform", _NAME),
    ]


_DAY_CHECKS = {
    "never_too_many_items": "used_items >= 0 AND (capacity_items IS NULL OR used_items <= capacity_items)",
    "never_too_much_volume": "used_litres >= 0 AND (capacity_litres IS NULL OR used_litres <= capacity_litres)",
}
_BOOKING_CHECKS = {
    "not_conform_why": "(status = 'not_conform') = (not_conform IS NOT NULL)",
    "link_whole": "(link_sealed IS NULL) = (link_index IS NULL)",
}


def _days() -> _Change:
    return _Change(_old_days(), _day_columns(), _DAY_CHECKS)


def _bookings() -> _Change:
    return _Change(_old_bookings(), _booking_columns(), {"status": _LIFE, **_BOOKING_CHECKS}, {"status": _STATUS})


def _changes() -> _Change:
    columns = [sa.Column("changed_by", _NAME), sa.Column("status_after", _NAME)]
    return _Change(_old_changes(), columns, {"kind": _KINDS}, {"kind": _KIND})


def _messages() -> _Change:
    columns = [
        sa.Column("not_after", UtcDateTime()), sa.Column("delivery", _NAME), sa.Column("delivery_at", UtcDateTime()),
        sa.Column("failure", _NAME),
    ]  # fmt: skip
    return _Change(_old_outbox(), columns, {"status": _WITHDRAWN}, {"status": _SENT})


def upgrade() -> None:
    """Add it all; a booking made before has as many objects as its items say, and no volume that we know of."""
    for column in ("items", "litres"):
        op.add_column("holds", _counter(column))
    for change in (_days(), _bookings(), _changes(), _messages()):
        change.make()
    op.create_index(op.f("ix_bookings_address_index"), "bookings", ["address_index"], unique=False)
    op.create_index(op.f("ix_bookings_link_index"), "bookings", ["link_index"], unique=True)
    op.create_index("ix_outbox_provider_id", "outbox", ["provider_id"], unique=False)
    _make_photos()
    _make_opt_outs()
    counted = "(SELECT coalesce(sum(quantity), 0) FROM booking_items WHERE reference = bookings.reference)"
    op.execute(f"UPDATE bookings SET load_items = {counted}")  # noqa: S608 - our own words
    theirs = "b.sector = pickup_days.sector AND b.day = pickup_days.day AND b.status <> 'cancelled'"
    weighed = f"(SELECT coalesce(sum(b.load_items), 0) FROM bookings b WHERE {theirs})"  # noqa: S608 - our own words
    op.execute(f"UPDATE pickup_days SET used_items = {weighed}")  # noqa: S608 - our own words


def downgrade() -> None:
    """Take it away; what a crew entered becomes "collected", a withdrawn message is given up."""
    op.drop_table("opt_outs")
    op.drop_table("booking_photos")
    op.drop_index("ix_outbox_provider_id", table_name="outbox")
    op.drop_index(op.f("ix_bookings_link_index"), table_name="bookings")
    op.drop_index(op.f("ix_bookings_address_index"), table_name="bookings")
    op.execute("UPDATE outbox SET status = 'dead' WHERE status = 'withdrawn'")
    op.execute("DELETE FROM booking_changes WHERE kind NOT IN ('amended', 'cancelled')")
    op.execute("UPDATE bookings SET not_conform = NULL, status = 'collected' WHERE status = 'not_conform'")
    op.execute(f"UPDATE bookings SET status = 'collected' WHERE status IN {_ENDED}")  # noqa: S608 - our own words
    op.execute("UPDATE bookings SET status = 'booked' WHERE status = 'replanned'")
    for change in (_messages(), _changes(), _bookings(), _days()):
        change.undo()
    for column in ("litres", "items"):
        op.drop_column("holds", column)


class _Change(NamedTuple):
    """Columns and checks that a table gets; ``instead_of``: checks of the same name that it had."""

    before: sa.Table
    columns: Sequence[sa.Column[Any]]
    checks: Mapping[str, str]
    instead_of: Mapping[str, str] = MappingProxyType({})

    def make(self) -> None:
        with op.batch_alter_table(self.before.name, copy_from=self.before) as table:
            for check in self.instead_of:
                table.drop_constraint(self._named(check), type_="check")
            for column in self.columns:
                table.add_column(column)
            for check, condition in self.checks.items():
                table.create_check_constraint(self._named(check), sa.text(condition))

    def undo(self) -> None:
        with op.batch_alter_table(self.before.name, copy_from=self._after()) as table:
            for check in self.checks:
                table.drop_constraint(self._named(check), type_="check")
            for column in self.columns:
                table.drop_column(column.name)
            for check, condition in self.instead_of.items():
                table.create_check_constraint(self._named(check), sa.text(condition))

    def _after(self) -> sa.Table:
        table = self.before
        replaced = {str(self._named(check)) for check in self.instead_of}
        for constraint in [each for each in table.constraints if str(each.name) in replaced]:
            table.constraints.remove(constraint)
        for column in self.columns:
            table.append_column(column._copy())
        for check, condition in self.checks.items():
            table.append_constraint(sa.CheckConstraint(condition, name=self._named(check)))
        return table

    def _named(self, check: str) -> Any:
        return op.f(f"ck_{self.before.name}_{check}")


def _make_photos() -> None:
    op.create_table(
        "booking_photos",
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("jpeg_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["bookings.reference"], name=op.f("fk_booking_photos_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_booking_photos")),
    )


def _make_opt_outs() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("phone_index", _INDEX, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_opt_outs")),
    )


# ---- the tables as they were ----


def _old_days() -> sa.Table:
    return sa.Table(
        "pickup_days",
        sa.MetaData(),
        sa.Column("sector", _NAME, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= capacity", name=op.f("ck_pickup_days_never_overbooked")),
        sa.PrimaryKeyConstraint("sector", "day", name=op.f("pk_pickup_days")),
    )


def _old_bookings() -> sa.Table:
    return sa.Table(
        "bookings",
        sa.MetaData(),
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("call_id", _CALL, nullable=False),
        sa.Column("status", _NAME, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sector", _NAME, nullable=False),
        sa.Column("insee", sa.String(length=5), nullable=False),
        sa.Column("commune", sa.String(length=128), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("phone_index", _INDEX),
        sa.Column("name_sealed", sa.LargeBinary()),
        sa.Column("readback_accepted", sa.Boolean(), nullable=False),
        sa.Column("created_by", _NAME, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("created_by IN ('bot', 'agent', 'resident')", name=op.f("ck_bookings_created_by")),
        sa.CheckConstraint(_STATUS, name=op.f("ck_bookings_status")),
        sa.CheckConstraint("(phone_sealed IS NULL) = (phone_index IS NULL)", name=op.f("ck_bookings_phone_whole")),
        sa.CheckConstraint("readback_accepted = true", name=op.f("ck_bookings_read_back")),
        sa.ForeignKeyConstraint(
            ["sector", "day"], ["pickup_days.sector", "pickup_days.day"], name=op.f("fk_bookings_pickup_days")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_bookings")),
        sa.UniqueConstraint("call_id", name=op.f("uq_bookings_call_id")),
        sa.Index("ix_bookings_phone_index", "phone_index"),
        sa.Index("ix_bookings_sector_day", "sector", "day"),
    )


def _old_changes() -> sa.Table:
    return sa.Table(
        "booking_changes",
        sa.MetaData(),
        sa.Column("reference", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("call_id", _CALL),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("day_before", sa.Date(), nullable=False),
        sa.Column("day_after", sa.Date(), nullable=False),
        sa.Column("asked_index", _INDEX),
        sa.CheckConstraint(_KIND, name=op.f("ck_booking_changes_kind")),
        sa.ForeignKeyConstraint(
            ["reference"], ["bookings.reference"], name=op.f("fk_booking_changes_bookings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_booking_changes")),
    )


def _old_outbox() -> sa.Table:
    return sa.Table(
        "outbox",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", _NAME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("leased_by", _NAME),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("provider_id", sa.String(length=128)),
        sa.Column("sent_at", UtcDateTime()),
        sa.CheckConstraint("(status = 'leased') = (leased_by IS NOT NULL)", name=op.f("ck_outbox_leased_by_one")),
        sa.CheckConstraint("(status = 'sent') = (provider_id IS NOT NULL)", name=op.f("ck_outbox_sent_has_id")),
        sa.CheckConstraint(_SENT, name=op.f("ck_outbox_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.Index("ix_outbox_status_next_attempt_at", "status", "next_attempt_at"),
    )
