"""The bill of materials: whole, true to the locks, and CycloneDX for CycloneDX's own validator."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.deploy.judges import DEPLOY, missing
from tests.deploy.sbom import bill, components, locked

AT = datetime(2026, 11, 30, tzinfo=UTC)


def test_every_package_of_the_runtime_is_in_it_with_its_hashes() -> None:
    text = (DEPLOY.parent / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    pinned = [line.partition("==")[0] for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    packages = list(locked(text))
    assert [package.name for package in packages] == pinned
    assert all(package.sha256 for package in packages)
    assert sum(len(package.sha256) for package in packages) == text.count("--hash=sha256:")
    there = {component["name"] for component in components() if component.get("scope") == "required"}
    assert {"fastapi", "twilio", "faster-whisper", "sqlalchemy"} <= there


def test_scripts_and_model_files_are_in_it_and_tools_of_tests_are_not() -> None:
    found = {component["bom-ref"] for component in components()}
    assert any(each.startswith("pkg:npm/htmx.org@") for each in found)
    assert "model:whisper-base/model.bin" in found
    assert not any(each.startswith(("pkg:pypi/pytest@", "pkg:pypi/hadolint")) for each in found)


@pytest.mark.peer
def test_it_is_cyclonedx() -> None:
    try:
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator
    except ImportError:
        missing("cyclonedx-python-lib is missing: make deploy-judges")
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    whole = bill(AT)
    assert validator.validate_str(json.dumps(whole)) is None
    assert validator.validate_str(json.dumps({**whole, "components": [{"name": "without a type"}]})) is not None
