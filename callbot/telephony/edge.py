"""What every webhook shares: the signed form, the public address, answers in XML."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from fastapi import HTTPException, Request, Response, status
from starlette.requests import HTTPConnection

from callbot.telephony.forms import Form, read_form
from callbot.telephony.signatures import SignatureCheck

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Edge:
    """The door to Twilio. ``public_url`` empty on loopback: then the address of the request itself is used."""

    signatures: SignatureCheck
    public_url: str = ""

    async def form(self, request: Request) -> Form:
        """The posted form; ``HTTPException`` 403 when it is not Twilio's, 400, 413 or 415 when it is no form."""
        form = await read_form(request)
        if not self.signatures.accepts(path_and_query(request), request.headers, form):
            log.warning("signature_refused", path=request.scope["path"])
            raise HTTPException(status.HTTP_403_FORBIDDEN, "signature refused")
        return form

    def base(self, request: Request) -> str:
        """The address that Twilio reaches us at, without a slash at its end."""
        return self.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def path_and_query(connection: HTTPConnection) -> str:
    """What signatures cover behind the public address; read from the scope, as ``Host`` may be anything."""
    path: str = connection.scope["path"]
    query = connection.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def xml(text: str) -> Response:
    """TwiML as a response."""
    return Response(text, media_type="application/xml")
