"""The rights desk: what people ask about their own data, who they are, until when they are answered, what is done.

Belongs here: the use cases around a request, its ports and the words of its SMS. Does not belong here: which moves and
deadlines there are (``domain.data_rights``), the copy and the erasure themselves (``privacy.rights``), tables, pages.
"""

from callbot.privacy.rights_desk.codes import Codes, Redeemed
from callbot.privacy.rights_desk.intake import FromCalls, Intake
from callbot.privacy.rights_desk.officers import (
    MovedMeanwhileError,
    NoNumberError,
    NotAllowedError,
    OfficersDesk,
    ReasonMissingError,
    UnknownRequestError,
)
from callbot.privacy.rights_desk.ports import DataRequest, NewRequest, OpensRightsWork, RightsWork

__all__ = [
    "Codes",
    "DataRequest",
    "FromCalls",
    "Intake",
    "MovedMeanwhileError",
    "NewRequest",
    "NoNumberError",
    "NotAllowedError",
    "OfficersDesk",
    "OpensRightsWork",
    "ReasonMissingError",
    "Redeemed",
    "RightsWork",
    "UnknownRequestError",
]
