"""Where the pages of the desk are."""

from __future__ import annotations

HOME, LIVE, SOUND, PRESENCE = "/desk", "/desk/direct", "/desk/son.wav", "/desk/presence"
CALL, TAKE, PUT_BACK, FINISH, WRONG, GIVE_BACK = (
    "/desk/appels/{call_id}",
    "/desk/appels/{call_id}/prendre",
    "/desk/appels/{call_id}/remettre",
    "/desk/appels/{call_id}/terminer",
    "/desk/appels/{call_id}/erreur",
    "/desk/appels/{call_id}/rendre",
)
CALL_BACK, TAKE_CALL_BACK, END_CALL_BACK = (
    "/desk/rappels/{call_id}",
    "/desk/rappels/{call_id}/prendre",
    "/desk/rappels/{call_id}/terminer",
)
RING_BACK, REFUSE_LISTENING = "/desk/rappels/{call_id}/appeler", "/desk/appels/{call_id}/sans-ecoute"
PUT_THROUGH = "/desk/appels/{call_id}/joindre"
TALKS, LISTEN = "/desk/ecoute", "/desk/ecoute/{call_id}"
BOOK = "/desk/reserver"
SEARCH, BOOKING, CHANGE, CANCEL = (
    "/desk/rendez-vous",
    "/desk/rendez-vous/{reference}",
    "/desk/rendez-vous/{reference}/modifier",
    "/desk/rendez-vous/{reference}/annuler",
)
KNOWLEDGE = "/desk/documents"


def of_call(path: str, call_id: str) -> str:
    """One of the paths above, for one call."""
    return path.replace("{call_id}", call_id)


def of_booking(path: str, reference: str) -> str:
    """One of the paths above, for one booking."""
    return path.replace("{reference}", reference)
