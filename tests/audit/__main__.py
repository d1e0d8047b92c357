"""``make audit``: everything about the locks; ends with 1 when something is wrong."""

from __future__ import annotations

import argparse
import sys

from tests.audit.locks import (
    REQUIREMENTS,
    import_problems,
    installed_problems,
    licence_problems,
    lock,
    lock_problems,
)
from tests.audit.vulnerabilities import OSV, DatabaseAwayError, known_faults


def main(arguments: list[str] | None = None) -> int:
    """The number to end with."""
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--database", default=OSV, help="address of an OSV database (default: %(default)s)")
    parser.add_argument("--required", action="store_true", help="fail where the database cannot be reached")
    parser.add_argument("--offline", action="store_true", help="ask nobody")
    given = parser.parse_args(arguments)
    checks = {
        "pins and hashes": lock_problems(),
        "installed versions": installed_problems(),
        "licences": licence_problems(),
        "libraries asked for and used": import_problems(),
    }
    for name, problems in checks.items():
        _tell(name, problems)
    faults = 0 if given.offline else _faults(given.database, required=given.required)
    return 1 if faults or any(checks.values()) else 0


def _faults(database: str, *, required: bool) -> int:
    pins = sorted({pin for path in REQUIREMENTS.glob("*.txt") for pin in lock(path.stem)}, key=lambda pin: pin.name)
    try:
        found = known_faults(pins, database)
    except DatabaseAwayError as away:
        print(f"NOT CHECKED  known faults of {len(pins)} packages: {database} was not reached ({away})")  # noqa: T201
        return int(required)
    _tell(f"known faults of {len(pins)} packages", [f"{one.pin.name} {one.pin.version}: {one.id}" for one in found])
    return len(found)


def _tell(name: str, problems: list[str]) -> None:
    print(f"{'WRONG' if problems else 'ok   '}        {name}")  # noqa: T201
    for problem in problems:
        print(f"             {problem}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
