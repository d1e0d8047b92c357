"""Photos nobody should open: files that are two things, that lie about themselves, forms cut anywhere."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from callbot.web.problems import RefusedError
from callbot.web.resident.pictures import LONGEST_EDGE, NotAPictureError, clean_jpeg
from callbot.web.resident.uploads import TooLargeError, read_upload
from tests.fuzzing import tries
from tests.web.resident_world import a_photo

SCRIPT = b"<script>alert(1)</script><?php system('id'); ?>%PDF-1.7 PK\x03\x04"
BOUNDARY = "jardin"
KIND = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
PHOTOS = {kind: a_photo(kind) for kind in ("JPEG", "PNG", "WEBP")}


def checked(file: bytes) -> bytes | None:
    """What crews would be shown: a small JPEG of the picture alone, or nothing."""
    try:
        cleaned = clean_jpeg(file)
    except NotAPictureError:
        return None
    with Image.open(BytesIO(cleaned)) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) <= LONGEST_EDGE
        assert dict(picture.getexif()) == {}
        assert "comment" not in picture.info
    return cleaned


@pytest.mark.parametrize("kind", PHOTOS)
@pytest.mark.parametrize("where", ["before", "behind", "comment"])
def test_of_a_file_that_is_two_things_only_the_picture_goes_on(kind: str, where: str) -> None:
    match where:
        case "before":
            cleaned = checked(SCRIPT + PHOTOS[kind])
            assert cleaned is None
            return
        case "behind":
            cleaned = checked(PHOTOS[kind] + SCRIPT)
        case _:
            cleaned = checked(a_photo(kind, comment=SCRIPT) if kind == "JPEG" else PHOTOS[kind] + SCRIPT * 100)
    assert cleaned is not None
    for part in (b"<script", b"<?php", b"%PDF", b"PK\x03\x04"):
        assert part not in cleaned


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def a_png(width: int, height: int, *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 64))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "file",
    [
        a_png(2**31 - 1, 1), a_png(1, 2**31 - 1), a_png(7_072, 7_072), a_png(0, 10),
        a_png(8, 8, chunk(b"zTXt", b"c\x00\x00" + zlib.compress(b"x" * 80_000_000, 9))),
        a_png(8, 8, chunk(b"iCCP", b"c\x00\x00" + zlib.compress(b"x" * 80_000_000, 9))),
        a_png(8, 8, chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))),
    ],
    ids=["wide", "high", "large", "empty", "text bomb", "profile bomb", "endless animation"],
)  # fmt: skip
def test_pictures_that_claim_or_hold_far_more_than_they_are_end_small_or_refused(file: bytes) -> None:
    assert len(file) < 200_000
    checked(file)


@tries(60)
@example("PNG", 30, b"\xff\xff\xff\xff", 0)
@given(st.sampled_from(sorted(PHOTOS)), st.integers(0, 3_000), st.binary(min_size=1, max_size=8), st.integers(0, 40))
def test_any_bytes_of_a_photo_changed_or_left_out(kind: str, at: int, bytes_: bytes, left_out: int) -> None:
    photo = PHOTOS[kind]
    at %= len(photo)
    checked(photo[:at] + bytes_ + photo[at + len(bytes_) + left_out :])


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


PARTS = st.lists(
    st.tuples(
        st.sampled_from(["jeton", "photo", "", "é", "a" * 300, "..\\..\\x", 'x"y', "x\r\ny"]),
        st.sampled_from([None, "photo.jpg", "../../etc/passwd", "C:\\x.jpg", "\x00", "a" * 5_000, "x.php\x00.jpg", ""]),
        st.one_of(st.binary(max_size=40), st.just(b"\r\n--jardin--"), st.just(b"\r\n--jardi")),
    ),
    max_size=12,
)


def form(parts: list[tuple[str, str | None, bytes]]) -> bytes:
    written = b""
    for name, file, content in parts:
        about = f'form-data; name="{name}"' + (f'; filename="{file}"' if file is not None else "")
        written += f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n\r\n".encode() + content + b"\r\n"
    return written + f"--{BOUNDARY}--\r\n".encode()


@tries(60)
@given(st.one_of(PARTS.map(form), st.binary(max_size=200)), st.integers(1, 50), st.integers(0, 600))
async def test_any_form_with_a_file_is_read_or_refused_however_it_comes(body: bytes, size: int, cut: int) -> None:
    for sent in (body, body[: max(0, len(body) - cut)]):
        try:
            upload = await read_upload(KIND, pieces(sent, size))
        except (RefusedError, TooLargeError):
            continue
        assert len(upload.fields) <= 10
        assert isinstance(upload.file, bytes)


async def test_the_name_of_a_file_is_never_kept() -> None:
    upload = await read_upload(KIND, pieces(form([("photo", "../../etc/passwd", b"x"), ("jeton", None, b"y")]), 7))
    assert upload.fields == {"jeton": "y"}
    assert upload.file == b"x"
    assert "passwd" not in repr(upload)


TRICKY = st.sampled_from(
    ["boundary*=utf-8''%C4%80", "boundary*=klingon''x", "boundary*0=a; boundary*1=b", 'boundary="', ";;", "="]
)  # fmt: skip
HEADER_TEXT = st.one_of(TRICKY, st.text(st.characters(max_codepoint=255), max_size=40))


@pytest.mark.parametrize(
    "about", ["name*=utf-8''%C4%80", "name*=klingon''x", "name*0=a; name*1=b", "filename*=utf-8''%E2%82%AC", "name*='"]
)
async def test_names_in_any_encoding_are_read_or_refused(about: str) -> None:
    body = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {about}\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode()
    try:
        upload = await read_upload(KIND, pieces(body, 9))
    except RefusedError:
        return
    assert upload.file in (b"", b"x")


@tries(40)
@given(HEADER_TEXT, st.binary(max_size=60))
async def test_any_kind_of_content_is_refused_or_read(kind: str, body: bytes) -> None:
    for header in (kind, f"multipart/form-data; {kind}", f"multipart/form-data; boundary={kind}"):
        try:
            await read_upload({"content-type": header}, pieces(body, 9))
        except (RefusedError, TooLargeError):
            continue
