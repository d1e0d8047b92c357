"""Text and voice come to the same outcomes: same words, same bookings, changes, reports and reasons for a person."""

from __future__ import annotations

import pytest

from callbot.dialogue.acts import (
    AmendBooking,
    Book,
    CancelBooking,
    DialogueAct,
    HandOver,
    HangUp,
    KeepCallBack,
    MakeReport,
    NoteGap,
)
from callbot.domain.events import Channel, EndReason
from callbot.domain.meaning import HeardAddress, Intent, Meaning, Topic, YesNo
from tests.dialogue.world import TWO_ITEMS, Talk, booking

YES, NO = Meaning(yes_no=YesNo.YES), Meaning(yes_no=YesNo.NO)
MOBILE_SAID = Meaning(phone="+33612345678")
REFERENCE = (Meaning(references=("AC47K",)), Meaning(address=HeardAddress(insee="13206")))
SCRIPTS: dict[str, tuple[Meaning, ...]] = {
    "booking": (
        Meaning(items=TWO_ITEMS), Meaning(address=HeardAddress(insee="13206")),
        Meaning(address=HeardAddress(12, None, "rue de rome")), YES, Meaning(choice=1), MOBILE_SAID, YES, YES,
    ),
    "cancelling": (Meaning(intent=Intent.CANCEL), *REFERENCE, YES, NO),
    "changing": (Meaning(intent=Intent.AMEND, topic=Topic.DATE), *REFERENCE, Meaning(choice=2), YES, NO),
    "status": (Meaning(intent=Intent.STATUS), *REFERENCE, NO),
    "missed": (Meaning(intent=Intent.MISSED), *REFERENCE, NO),
    "question": (Meaning(intent=Intent.QUESTION, question="prix"), NO),
    "gap": (Meaning(intent=Intent.QUESTION, nearest=("prix",)), NO, Meaning(intent=Intent.GOODBYE)),
    "fly-tip": (
        Meaning(intent=Intent.FLY_TIP, items=TWO_ITEMS), Meaning(address=HeardAddress(insee="13206")),
        Meaning(address=HeardAddress(12, None, "rue de rome")), YES, NO,
    ),
    "data": (Meaning(intent=Intent.DATA_RIGHTS), MOBILE_SAID, YES),
    "person": (Meaning(wants_human=True), MOBILE_SAID, YES),
    "assisted": (Meaning(intent=Intent.ASSISTED), MOBILE_SAID, YES),
    "complaint": (Meaning(intent=Intent.COMPLAINT), MOBILE_SAID, YES),
}  # fmt: skip
_DONE = (Book, AmendBooking, CancelBooking, MakeReport, NoteGap, KeepCallBack)


def outcome(channel: Channel, script: tuple[Meaning, ...], *, people_open: bool) -> tuple[list[DialogueAct], object]:
    """What was done, and how it ended, without what no channel has of another."""
    talk = Talk(caller=None, channel=channel, of_reference=(booking(),), people_open=people_open).start()
    for meaning in script:
        if talk.ended is None:
            talk.hear(meaning)
    return [act for act in talk.asked_for if isinstance(act, _DONE)], talk.ended


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.SMS, Channel.TURNS])
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_channel_does_what_the_telephone_does_out_of_hours(channel: Channel, script: str) -> None:
    spoken = outcome(Channel.PHONE, SCRIPTS[script], people_open=False)
    assert outcome(channel, SCRIPTS[script], people_open=False) == spoken
    assert spoken[1] in (HangUp(EndReason.DONE), HangUp(EndReason.CALL_BACK))


@pytest.mark.parametrize("script", ["person", "assisted", "complaint"])
def test_in_opening_hours_who_phones_is_put_through_and_who_writes_is_called_back_for_the_same_reason(
    script: str,
) -> None:
    (done, ended) = outcome(Channel.PHONE, SCRIPTS[script], people_open=True)
    (written, _) = outcome(Channel.TEXT, SCRIPTS[script], people_open=True)
    kept = [act.reason for act in written if isinstance(act, KeepCallBack)]
    assert isinstance(ended, HandOver)
    assert kept == [ended.reason]
    assert [act for act in written if not isinstance(act, KeepCallBack)] == done
