"""Official files come over https, and a broken download goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from callbot.gazetteer.download import DownloadError, download, is_address

ADDRESS = "https://adresse.example/latest/adresses-13.csv.gz"
CONTENT = bytes(range(256)) * 8

Handler = Callable[[httpx.Request], httpx.Response]


def get(handler: Handler, folder: Path, seen: list[int] | None = None, address: str = ADDRESS) -> Path:
    client = httpx.Client(transport=httpx.MockTransport(handler))
    return download(address, folder, (lambda done, total: seen.append(done)) if seen is not None else None, client)


class Broken(httpx.SyncByteStream):
    """A body that breaks off."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self):  # type: ignore[no-untyped-def]  # an iterator that raises
        yield self._body
        raise httpx.ReadError("connection lost")


def serve(request: httpx.Request) -> httpx.Response:
    start = int(request.headers.get("range", "bytes=0-")[6:-1])
    if start and request.headers.get("if-range") == '"v1"':
        return httpx.Response(206, content=CONTENT[start:], headers={"etag": '"v1"'})
    return httpx.Response(200, content=CONTENT, headers={"etag": '"v1"'})


def break_off(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=Broken(CONTENT[:700]), headers={"etag": '"v1"'})


def test_a_file_is_brought(tmp_path: Path) -> None:
    seen: list[int] = []
    path = get(serve, tmp_path / "new", seen)
    assert path.read_bytes() == CONTENT
    assert path.name == "adresses-13.csv.gz"
    assert seen[-1] == len(CONTENT)
    assert list(path.parent.iterdir()) == [path]


def test_a_broken_download_goes_on(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="connection lost"):
        get(break_off, tmp_path)
    asked: list[str] = []

    def resumed(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["range"])
        return serve(request)

    assert get(resumed, tmp_path).read_bytes() == CONTENT
    assert asked == ["bytes=700-"]


def test_a_file_that_changed_is_brought_anew(tmp_path: Path) -> None:
    with pytest.raises(DownloadError):
        get(break_off, tmp_path)
    assert get(lambda _: httpx.Response(200, content=b"new"), tmp_path).read_bytes() == b"new"


@pytest.mark.parametrize("address", ["http://adresse.example/a.csv", "ftp://x/a.csv", "https://adresse.example/"])
def test_only_https_files(tmp_path: Path, address: str) -> None:
    with pytest.raises(DownloadError, match="only https"):
        get(serve, tmp_path, address=address)


def test_a_refusal_is_told(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="404"):
        get(lambda _: httpx.Response(404), tmp_path)
    assert not (tmp_path / "adresses-13.csv.gz").exists()


def test_addresses_and_files() -> None:
    assert is_address(ADDRESS)
    assert not is_address("downloads/adresses-13.csv.gz")


@pytest.mark.parametrize(
    "target", ["http://adresse.example/x.csv", "http://169.254.169.254/latest", "file:///etc/passwd"]
)
def test_a_redirect_leads_to_no_other_kind_of_address(tmp_path: Path, target: str) -> None:
    asked: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": target})

    client = httpx.Client(transport=httpx.MockTransport(elsewhere), follow_redirects=True)
    with pytest.raises(DownloadError, match="UnsupportedProtocol"):
        download(ADDRESS, tmp_path, client=client)
    assert asked == [ADDRESS]
    assert list(tmp_path.glob("*.csv.gz")) == []


def test_a_redirect_within_https_is_followed_and_the_name_asked_for_is_kept(tmp_path: Path) -> None:
    def moved(request: httpx.Request) -> httpx.Response:
        if request.url.host == "adresse.example":
            return httpx.Response(302, headers={"location": "https://mirror.example/other-name"})
        return httpx.Response(200, content=CONTENT)

    client = httpx.Client(transport=httpx.MockTransport(moved), follow_redirects=True)
    assert download(ADDRESS, tmp_path, client=client).name == "adresses-13.csv.gz"


@pytest.mark.parametrize(
    "address", ["https://adresse.example/..", "https://adresse.example/", "ftp://adresse.example/a"]
)
def test_an_address_without_a_file_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(DownloadError, match="only https addresses of a file"):
        download(address, tmp_path)
