"""Column types of our own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnOperators, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

from callbot.privacy.index_keys import Indexed


class BlindIndex(String):
    """A blind index. What is compared with it is looked up under both keys while one replaces the other."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(64)

    class comparator_factory(String.Comparator[str]):  # noqa: N801 - the name SQLAlchemy looks for
        """Equality with an index of ``KeyRing.index``."""

        def __eq__(self, other: Any) -> ColumnOperators:  # type: ignore[override]
            if isinstance(other, Indexed) and other.before != other:
                return self.in_([str(other), other.before])
            return super().__eq__(other)

        __hash__ = String.Comparator.__hash__


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept and returned in UTC. A naive datetime is refused: nobody knows when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError("a moment without time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
