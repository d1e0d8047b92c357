"""JSON Schemas of the answers, written by ourselves after the published text and schemas of GeoReport v2.

They are not the published ones, and they are stricter: a field that the text does not name is a mistake. What we have
misread is misread here too; the outside judge is ``test_published_schemas``, which takes the published schemas where
somebody has put them.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
MOMENT = {"type": ["string", "null"], "format": "date-time"}


_TEXTS = (
    "status_notes",
    "service_name",
    "description",
    "agency_responsible",
    "service_notice",
    "address",
    "address_id",
    "zipcode",
    "media_url",
)


def _object(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | optional,
        "additionalProperties": False,
    }


def _list(of: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least}


def _one(of: dict[str, Any]) -> dict[str, Any]:
    """A list of one: what is asked for by its id."""
    return _list(of, 1) | {"maxItems": 1}


SERVICES = _list(
    _object(
        {
            "service_code": {"type": "string"},
            "service_name": {"type": "string"},
            "metadata": {"type": "boolean"},
            "type": {"enum": ["realtime", "batch", "blackbox"]},
        },
        {"description": TEXT, "keywords": TEXT, "group": TEXT},
    ),
    1,
)
DEFINITION = _object(
    {
        "service_code": {"type": "string"},
        "attributes": _list(
            _object(
                {
                    "variable": {"type": "boolean"},
                    "code": {"type": "string"},
                    "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
                    "required": {"type": "boolean"},
                },
                {
                    "datatype_description": TEXT,
                    "order": {"type": "integer", "minimum": 1},
                    "description": TEXT,
                    "values": _list(_object({"key": {"type": "string"}, "name": {"type": "string"}}, {})),
                },
            )
        ),
    },
    {},
)
_REQUEST = _object(
    {
        "service_request_id": {"type": "string"},
        "status": {"enum": ["open", "closed"]},
        "service_code": {"type": "string"},
        "requested_datetime": {"type": "string", "format": "date-time"},
    },
    dict.fromkeys(_TEXTS, TEXT)
    | {"updated_datetime": MOMENT, "expected_datetime": MOMENT, "lat": NUMBER, "long": NUMBER},
)
REQUESTS = _list(_REQUEST)
REQUEST = _one(_REQUEST)
MADE = _one(_object({"service_request_id": {"type": "string"}}, {"service_notice": {"type": "string"}}))
TOKEN = _one(_object({"service_request_id": {"type": "string"}, "token": {"type": "string"}}, {}))
ERRORS = _list(
    _object({"code": {"type": "string", "pattern": "^[45][0-9]{2}$"}, "description": {"type": "string"}}, {}), 1
)
_ENDPOINT = {
    "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
    "url": {"type": "string", "pattern": "^https?://"},
    "changeset": {"type": "string", "format": "date-time"},
    "type": {"enum": ["production", "test"]},
    "formats": _list({"type": "string"}, 1),
}
DISCOVERY = _object(
    {
        "changeset": {"type": "string", "format": "date-time"},
        "contact": {"type": "string"},
        "key_service": {"type": "string"},
        "endpoints": _list(_object(_ENDPOINT, {}), 1),
    },
    {},
)
