"""No secret and nothing personal is shown by accident: settings, values, errors and logs are walked, all of them."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import logging
import pkgutil
import traceback
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, SecretStr, ValidationError

import callbot
from callbot.domain.personal import EmailAddress, Personal, PersonName, PhoneNumber
from callbot.settings import Settings

CANARY = "Zx9Canari7vert"
SECRET_NAMES = ("password", "secret", "token", "signing_key", "index_key", "api_key", "private")
"""how fields are named that hold what opens something"""
NOT_SECRET = {
    # what the words do not mean here
    "form_tokens", "tokens", "has_second_factor", "must_change_password", "password_changed", "token_endpoint",
}  # fmt: skip
TYPES = (Personal, PersonName, PhoneNumber, EmailAddress)


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from models(field.annotation)


SETTINGS = list(models(Settings))


def modules() -> Iterator[types.ModuleType]:
    for found in pkgutil.walk_packages(callbot.__path__, "callbot."):
        if ".migrations" not in found.name:
            yield importlib.import_module(found.name)


@pytest.fixture(scope="module")
def values() -> list[type]:
    """Every dataclass of the house."""
    found = {
        kind
        for module in modules()
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if dataclasses.is_dataclass(kind) and kind.__module__.startswith("callbot.")
    }
    return sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


@pytest.mark.parametrize("model", SETTINGS, ids=lambda model: model.__name__)
def test_every_secret_setting_is_typed_as_one(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        if any(word in name for word in SECRET_NAMES):
            assert "SecretStr" in str(field.annotation), f"{model.__name__}.{name}"


@pytest.mark.parametrize("model", SETTINGS, ids=lambda model: model.__name__)
def test_no_secret_setting_is_shown(model: type[BaseModel]) -> None:
    secret = {
        name: {"one": SecretStr(CANARY)} if "dict" in str(field.annotation) else SecretStr(CANARY)
        for name, field in model.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    made = model.model_construct(**secret)  # type: ignore[arg-type]
    for shown in (repr(made), str(made), f"{made}", json.dumps(made.model_dump(mode="json"), default=str)):
        assert CANARY not in shown
        assert "Canari" not in shown


def test_a_setting_that_is_refused_is_told_without_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLBOT_TWILIO__AUTH_TOKEN", CANARY)
    monkeypatch.setenv("CALLBOT_OUTWARDS__API_KEYS", json.dumps({"partner": CANARY}))
    monkeypatch.setenv("CALLBOT_PRIVACY__INDEX_KEY", CANARY)
    monkeypatch.setenv("CALLBOT_SERVER__PORT", "99999999")
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "port" in str(caught.value)
    assert CANARY not in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_a_personal_value_shows_nothing_wherever_it_is_put(
    kind: type[Personal], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    value = kind(CANARY)
    assert value.reveal() == CANARY
    shown = [repr(value), str(value), f"{value}", f"{value!r:>40}", "%s" % value, "{}".format(value), repr([value])]  # noqa: UP031, UP032
    shown += [repr({"a": value}), repr(ValueError(value)), str(ValueError(value)), ascii(value)]
    shown += traceback.format_exception(ValueError(value))
    logging.getLogger("callbot").warning("told %s", value)
    structlog.get_logger("callbot").warning("told", who=value)
    shown += [caplog.text, "".join(capsys.readouterr())]
    assert not any(CANARY in text for text in shown)
    with pytest.raises(TypeError):
        json.dumps(value)


def mentions(hint: object, wanted: tuple[type, ...]) -> bool:
    inside = typing.get_args(hint)
    return (isinstance(hint, type) and issubclass(hint, wanted)) or any(mentions(each, wanted) for each in inside)


@pytest.mark.process
def test_every_dataclass_with_something_to_hide_hides_it(values: list[type]) -> None:
    """A field named as a secret is typed ``Personal``/``SecretStr``/bytes away from ``repr``, or left out of it."""
    assert len(values) > 300
    shown, checked = [], 0
    for kind in values:
        hints = hints_of(kind)
        for field in dataclasses.fields(kind):
            hint = hints.get(field.name)
            if field.name in NOT_SECRET or not any(word in field.name for word in SECRET_NAMES):
                continue
            if not (mentions(hint, (str, bytes)) and not mentions(hint, (Personal, SecretStr))):
                continue
            checked += 1
            if field.repr and kind.__dataclass_params__.repr:  # type: ignore[attr-defined]
                shown.append(f"{kind.__module__}.{kind.__qualname__}.{field.name}")
    assert checked > 5
    assert shown == []


@pytest.mark.process
def test_dataclasses_with_personal_values_show_none_of_them(values: list[type]) -> None:
    checked = 0
    for kind in values:
        personal = {name: hint for name, hint in hints_of(kind).items() if mentions(hint, (Personal,))}
        fields = [field for field in dataclasses.fields(kind) if field.name in personal]
        if not fields or issubclass(kind, Personal):
            continue
        made = object.__new__(kind)
        for field in dataclasses.fields(kind):  # type: ignore[arg-type]
            object.__setattr__(made, field.name, Personal(CANARY) if field in fields else None)
        checked += 1
        assert CANARY not in repr(made), kind
    assert checked > 30


def hints_of(kind: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except NameError:  # imported for type checkers only
        return dict(inspect.get_annotations(kind))
