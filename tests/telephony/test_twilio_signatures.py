"""Signatures: ours agree with Twilio's own library, over the configured address only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from callbot.settings import Server, Twilio
from callbot.telephony.signatures import (
    SETTINGS_HEADER,
    SIGNATURE_HEADER,
    Algorithm,
    SignatureCheck,
    UnsafeSetupError,
    algorithm_of,
    sign,
    signature_check,
)

KEY = "0123456789abcdef"
SHARED = "shared-signing-key"
PUBLIC = "https://bot.example.fr"
FORM = (("CallSid", "CA1"), ("From", "+33600000000"), ("Zone", "é à"))
CHECK = SignatureCheck(PUBLIC, {Algorithm.SHA1: KEY, Algorithm.SHA256: SHARED})

NAMES = st.text(min_size=1, max_size=8)
FORMS = st.dictionaries(NAMES, st.text(max_size=12), max_size=5)


@given(FORMS, st.sampled_from(Algorithm))
def test_our_signature_is_the_one_of_twilios_library(form: dict[str, str], algorithm: Algorithm) -> None:
    url = f"{PUBLIC}/voice/incoming"
    theirs = RequestValidator(KEY).compute_signature(url, form, algorithm.value)
    assert sign(KEY, url, form.items(), algorithm) == theirs


def headers(signature: str, algorithm: Algorithm = Algorithm.SHA1) -> dict[str, str]:
    found = {SIGNATURE_HEADER: signature}
    if algorithm is Algorithm.SHA256:
        found[SETTINGS_HEADER] = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    return found


@pytest.mark.parametrize(("algorithm", "key"), [(Algorithm.SHA1, KEY), (Algorithm.SHA256, SHARED)])
@pytest.mark.parametrize("host", ["bot.example.fr", "bot.example.fr:443"])
def test_a_request_signed_over_the_public_address_is_accepted(algorithm: Algorithm, key: str, host: str) -> None:
    signature = sign(key, f"https://{host}/voice/incoming?x=1", FORM, algorithm)
    assert CHECK.accepts("/voice/incoming?x=1", headers(signature, algorithm), FORM)
    theirs = RequestValidator(key)
    assert theirs.validate(f"{PUBLIC}/voice/incoming?x=1", dict(FORM), signature, algorithm.value)


@pytest.mark.parametrize(
    ("path", "form", "signature", "algorithm"),
    [
        ("/voice/status", FORM, sign(KEY, f"{PUBLIC}/voice/incoming", FORM), Algorithm.SHA1),
        ("/voice/incoming", FORM[:2], sign(KEY, f"{PUBLIC}/voice/incoming", FORM), Algorithm.SHA1),
        ("/voice/incoming", FORM, sign(KEY, "https://evil.example/voice/incoming", FORM), Algorithm.SHA1),
        ("/voice/incoming", FORM, sign(SHARED, f"{PUBLIC}/voice/incoming", FORM), Algorithm.SHA1),
        ("/voice/incoming", FORM, sign(KEY, f"{PUBLIC}/voice/incoming", FORM, Algorithm.SHA256), Algorithm.SHA256),
        ("/voice/incoming", FORM, "", Algorithm.SHA1),
        ("/voice/incoming", FORM, "\udcff☎", Algorithm.SHA1),
    ],
)
def test_anything_else_is_refused(
    path: str, form: tuple[tuple[str, str], ...], signature: str, algorithm: Algorithm
) -> None:
    assert not CHECK.accepts(path, headers(signature, algorithm), form)


def test_a_socket_may_be_signed_as_wss_or_https() -> None:
    for scheme in ("wss", "https"):
        assert CHECK.accepts(
            "/voice/stream", headers(sign(KEY, f"{scheme}://bot.example.fr/voice/stream")), socket=True
        )
    assert not CHECK.accepts("/voice/stream", headers(sign(KEY, "wss://bot.example.fr/voice/stream")))


def test_a_public_address_under_a_path_counts_the_path() -> None:
    check = SignatureCheck("https://example.fr/bot/", {Algorithm.SHA1: KEY})
    assert check.accepts("/voice/status", headers(sign(KEY, "https://example.fr/bot/voice/status")))


@pytest.mark.parametrize(
    ("header", "algorithm"),
    [
        (None, Algorithm.SHA1),
        ("", Algorithm.SHA1),
        ("key=k", Algorithm.SHA1),
        ("key=k, algorithm=hmac_sha256", Algorithm.SHA256),
        ("algorithm=HMAC_MD5", None),
    ],
)
def test_the_settings_header_names_the_algorithm(header: str | None, algorithm: Algorithm | None) -> None:
    assert algorithm_of(header) is algorithm


def test_an_unknown_algorithm_is_refused() -> None:
    signature = sign(KEY, f"{PUBLIC}/voice/incoming")
    assert not CHECK.accepts("/voice/incoming", {SIGNATURE_HEADER: signature, SETTINGS_HEADER: "algorithm=NONE"})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_without_a_token_the_check_is_off_on_loopback_and_says_so(host: str) -> None:
    with capture_logs() as logs:
        check = signature_check(Server(host=host), Twilio())
    assert check.accepts("/voice/incoming", {})
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("signature_check_off", "warning")]


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "bot.example.fr", "::"])  # noqa: S104
def test_without_a_token_an_open_server_refuses_to_start(host: str) -> None:
    with pytest.raises(UnsafeSetupError):
        signature_check(Server(host=host, public_url=PUBLIC), Twilio())


def test_a_public_address_in_front_of_loopback_is_an_open_server_too() -> None:
    with pytest.raises(UnsafeSetupError, match="AUTH_TOKEN"):
        signature_check(Server(public_url=PUBLIC), Twilio())


def test_with_a_token_the_check_is_on_even_on_loopback() -> None:
    twilio = Twilio(auth_token=SecretStr(KEY))
    check = signature_check(Server(public_url=PUBLIC), twilio)
    assert not check.accepts("/voice/incoming", {})
    assert check.accepts("/voice/incoming", headers(sign(KEY, f"{PUBLIC}/voice/incoming")))
    same_key = sign(KEY, f"{PUBLIC}/voice/incoming", (), Algorithm.SHA256)
    assert check.accepts("/voice/incoming", headers(same_key, Algorithm.SHA256))


def test_a_token_without_public_address_cannot_work() -> None:
    with pytest.raises(UnsafeSetupError):
        signature_check(Server(), Twilio(auth_token=SecretStr(KEY)))
