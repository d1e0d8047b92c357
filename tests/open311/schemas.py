"""JSON Schemas of the answers, written from the field tables of the GeoReport v2 specification."""

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


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


SERVICES = _list(
    _object(
        {
            "service_code": {"type": "string"},
            "service_name": {"type": "string"},
            "metadata": {"type": "boolean"},
            "type": {"enum": ["realtime", "batch", "blackbox"]},
        },
        {"description": TEXT, "keywords": TEXT, "group": TEXT},
    )
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
REQUESTS = _list(
    _object(
        {
            "service_request_id": {"type": "string"},
            "status": {"enum": ["open", "closed"]},
            "service_code": {"type": "string"},
            "requested_datetime": {"type": "string", "format": "date-time"},
        },
        dict.fromkeys(_TEXTS, TEXT)
        | {"updated_datetime": MOMENT, "expected_datetime": MOMENT, "lat": NUMBER, "long": NUMBER},
    )
)  # fmt: skip
ERRORS = _list(_object({"code": {"type": "string"}, "description": {"type": "string"}}, {}))
