"""What the bot says, in French: one question at a time, at most two short sentences, plain words, never a blame.

Each question has several wordings: the first time short, then reworded, then with keys or an example; the same
sentence is never said twice in a row. A wording is a tuple of parts; a part with ``{braces}`` varies and is rendered
while the part before it plays, the others are rendered once at set-up (``FIXED``).
"""

from __future__ import annotations

import re

from callbot.dialogue import errand_prompts
from callbot.dialogue.acts import Act, Say
from callbot.dialogue.errand_prompts import Wording
from callbot.domain.events import Channel
from callbot.domain.meaning import Expectation

__all__ = ["CORRECTS", "EXPECTS", "FIXED", "LEAD_INS", "MEANINGS", "NOTICES", "QUESTIONS", "STATEMENTS", "VARIANTS",
           "Wording", "said"]  # fmt: skip

_SENTENCE = re.compile(r"[^.?!]+(?:[.?!](?!\s|$)[^.?!]*)*[.?!]?\s*")
"""up to a mark that ends a sentence; "06.12" and "www.exemple.fr" hold none"""
_NOTICE: Wording = (
    "Bonjour, ici l'assistant automatique de la Métropole, une intelligence artificielle.",
    "Vos paroles sont transcrites, pas enregistrées.",
)
_WAY_TO_A_PERSON: Wording = ("Pour une personne, dites « conseiller », ou tapez zéro.",)
NOTICES: dict[Channel, tuple[Wording, Wording]] = {
    Channel.PHONE: (_NOTICE, _WAY_TO_A_PERSON),
    Channel.TURNS: (_NOTICE, _WAY_TO_A_PERSON),
    Channel.TEXT: (
        (
            "Bonjour, ici l'assistant automatique de la Métropole, une intelligence artificielle.",
            "Vos messages sont gardés le temps de votre demande.",
        ),
        ("Pour une personne, écrivez « conseiller ».",),
    ),
    Channel.SMS: (
        ("Assistant automatique de la Métropole (intelligence artificielle).",),
        ("Pour une personne : CONSEILLER.",),
    ),
}
"""what a caller is told before anything else (AI Act art. 50, RGPD art. 13), then how to reach a person"""

QUESTIONS: dict[Act, tuple[Wording, ...]] = errand_prompts.QUESTIONS | {
    Act.ASK_NEED: (
        ("Que puis-je faire pour vous ?",),
        ("Dites par exemple : j'ai un canapé à enlever, ou bien : où en est mon rendez-vous ?",),
        ("Pour faire enlever des objets, tapez 1. Pour un rendez-vous déjà pris, tapez 2.",),
    ),
    Act.ASK_ITEMS: (
        ("Quels objets souhaitez-vous faire enlever ?",),
        ("Excusez-moi, quels objets faut-il enlever ? Dites aussi combien.",),
        ("Dites par exemple : un frigo, une table et quatre chaises.",),
    ),
    Act.ASK_COMMUNE: (
        ("Dans quelle commune, ou quel arrondissement de Marseille, faut-il passer ?",),
        ("Tapez le code postal à cinq chiffres, ou redites la commune.",),
        ("Pour Marseille, tapez le numéro de l'arrondissement. Sinon, tapez le code postal à cinq chiffres.",),
    ),
    Act.CONFIRM_COMMUNE: (
        ("C'est bien à", "{commune} ?"),
        ("Je vérifie : les objets sont à", "{commune} ?", "Dites oui ou non."),
        ("Pour", "{commune},", "tapez 1. Sinon, tapez 2."),
    ),
    Act.ASK_ADDRESS: (
        ("À quel numéro, et dans quelle rue ?",),
        ("Dites seulement le nom de la rue.",),
        ("Dites d'abord le numéro, puis le nom de la rue, lentement. Par exemple : douze, rue de Rome.",),
    ),
    Act.ASK_NUMBER: (
        ("Dites le numéro dans la rue, ou tapez-le sur le clavier.",),
        ("Tapez le numéro sur le clavier, puis dièse.",),
        ("Excusez-moi, dites seulement le numéro, ou tapez-le.",),
    ),
    Act.ASK_PART: (
        ("Qu'est-ce qui ne va pas ? Est-ce le numéro, ou la rue ?",),
        ("Excusez-moi, que faut-il changer : le numéro, ou la rue ?",),
        ("Tapez 1 pour changer le numéro, 2 pour changer la rue.",),
    ),
    Act.ASK_INITIALS: (
        ("Tapez sur le clavier les trois premières lettres de la rue, ou épelez-les.",),
        ("Dites les trois premières lettres. Par exemple, pour la rue de Rome : R, O, M.",),
        ("Dites chaque lettre avec un mot : R comme Raoul, O comme Oscar, M comme Marcel.",),
    ),
    Act.ASK_LANDMARK: (
        ("Quelle rue croise la vôtre, ou quel lieu connu est tout près ? Je le transmets au conseiller.",),
        ("Dites un lieu près de chez vous : une école, un magasin, une place.",),
        ("Excusez-moi, quel endroit connu est à côté de chez vous ?",),
    ),
    Act.RECALL_ADDRESS: (
        ("Est-ce pour la même adresse que la dernière fois,", "{street}, {commune} ?"),
        ("Je vérifie : est-ce encore", "{street}, {commune} ?", "Dites oui ou non."),
    ),
    Act.CHOOSE_ADDRESS: (
        ("Est-ce", "{choices} ?"),
        ("J'ai trouvé", "{choices}.", "Dites laquelle, ou bien aucune."),
        ("Pour", "{keys}.", "Sinon, tapez 9."),
    ),
    Act.CONFIRM_ADDRESS: (
        ("J'ai compris :", "{address}.", "C'est bien ça ?"),
        ("Je relis l'adresse :", "{address}.", "Dites oui ou non."),
        ("L'adresse est", "{address}.", "Tapez 1 si c'est juste, 2 sinon."),
    ),
    Act.ASK_WHOSE: (
        ("Un enlèvement est déjà prévu à cette adresse,", "{dates}.", "Est-ce le vôtre ?"),
        ("Je vérifie : l'enlèvement prévu", "{dates},", "est-ce le vôtre ? Dites oui ou non."),
    ),
    Act.OFFER_ADD: (
        ("Vous avez déjà un enlèvement prévu le", "{date}.", "Voulez-vous y ajouter ces objets ?"),
        ("Pour ajouter ces objets à ce rendez-vous, tapez 1. Pour en prendre un autre, tapez 2.",),
    ),
    Act.OFFER_DATES: (
        ("Nous pouvons passer", "{dates}.", "Quelle date vous convient ?"),
        ("Les dates possibles sont", "{dates}.", "Laquelle choisissez-vous ?"),
        ("{keys}.", "Pour une autre date, tapez 9."),
    ),
    Act.ASK_PHONE: (
        ("À quel numéro de portable envoyer la confirmation ? Si vous n'en avez pas, dites : pas de portable.",),
        ("Tapez les dix chiffres sur le clavier, ou dites-les un par un.",),
        ("Tapez les dix chiffres de votre portable. Si vous n'en avez pas, tapez dièse.",),
    ),
    Act.CONFIRM_PHONE: (
        ("Le numéro est le", "{phone}.", "C'est bien ça ?"),
        ("Je relis le numéro :", "{phone}.", "Dites oui ou non."),
        ("Le numéro est le", "{phone}.", "Tapez 1 si c'est juste, 2 sinon."),
    ),
    Act.OFFER_REMINDER: (
        ("Voulez-vous que nous vous rappelions la veille pour vous le redire, au", "{phone} ?"),
        ("Pour être rappelé la veille, tapez 1. Sinon, tapez 2.",),
    ),
    Act.ASK_NAME: (
        ("À quel nom ? Si vous préférez ne pas le donner, dites non.",),
        ("Excusez-moi, quel est votre nom de famille ? Dites non pour continuer sans nom.",),
        ("Dites votre nom de famille, ou tapez dièse pour continuer sans nom.",),
    ),
    Act.ASK_NAME_SPELLED: (
        ("Épelez le nom, s'il vous plaît, par exemple : B comme Bernard.",),
        ("Dites chaque lettre avec un mot : M comme Marcel, A comme Anatole.",),
        ("Épelez le nom lentement, ou tapez dièse pour continuer sans nom.",),
    ),
    Act.CONFIRM_NAME: (
        ("J'ai noté :", "{name}.", "C'est bien ça ?"),
        ("Je relis le nom :", "{name}.", "Dites oui ou non."),
        ("Le nom est", "{name}.", "Tapez 1 si c'est juste, 2 sinon."),
    ),
    Act.RECAP: (
        ("Je récapitule :", "{items},", "{address},", "{date}.", "Est-ce que je réserve ?"),
        ("Je relis :", "{items},", "{address},", "{date}.", "Pour réserver, dites oui."),
        ("Nous prenons", "{items},", "{address},", "{date}.", "Tapez 1 pour réserver, 2 pour changer."),
    ),
    Act.ASK_CORRECTION: (
        ("Que faut-il changer : les objets, l'adresse, la date ou le téléphone ?",),
        ("Excusez-moi, que dois-je corriger ? Les objets, l'adresse, la date, ou le téléphone ?",),
        ("Tapez 1 pour les objets, 2 pour l'adresse, 3 pour la date, 4 pour le téléphone.",),
    ),
    Act.ASK_SATISFACTION: (
        (
            "Dernière question : avez-vous obtenu ce que vous vouliez ?",
            "Dites oui ou non, ou tapez 1 pour oui, 2 pour en partie, 3 pour non.",
        ),
        ("Avez-vous obtenu ce que vous vouliez ?", "Tapez 1 pour oui, 2 pour en partie, 3 pour non."),
    ),
    Act.OFFER_HUMAN: (
        ("J'ai du mal à bien vous entendre. Voulez-vous parler à un conseiller ?",),
        ("Pour parler à un conseiller, dites oui. Pour continuer avec moi, dites non.",),
    ),
}

VARIANTS: dict[str, tuple[Wording, ...]] = errand_prompts.VARIANTS | {
    "street_alone": (
        ("Dites seulement le nom de la rue.",),
        ("Dites le nom de la rue lentement. Par exemple : rue de Rome.",),
        ("Excusez-moi, comment s'appelle votre rue ?",),
    ),
    "number_by_keys": (
        ("Tapez le numéro sur le clavier, puis dièse.",),
        ("Dites seulement le numéro, ou tapez-le, puis dièse.",),
        ("Excusez-moi, quel est le numéro ?",),
    ),
    "choose_in_street": (
        ("{street} :", "{choices} ?"),
        ("{street} :", "est-ce", "{choices} ?", "Dites lequel, ou bien aucun."),
        ("{street} :", "{keys}.", "Sinon, tapez 9."),
    ),
    "address_lost": (("Je n'arrive pas à trouver l'adresse. Voulez-vous la chercher avec un conseiller ?",),),
    "ask_arrondissement": (
        ("Dans quel arrondissement de Marseille ?",),
        ("Excusez-moi, quel est l'arrondissement ? Vous pouvez taper son numéro.",),
    ),
    "ask_other_items": (("Avez-vous autre chose à faire enlever ?",),),
    "confirm_caller": (("J'envoie la confirmation par SMS au numéro qui se termine par", "{ending}.", "D'accord ?"),),
    "number_unknown": (("Je ne trouve pas ce numéro dans la rue.", "Redites-le, ou tapez-le sur le clavier."),),
    "no_sms": (("Ce numéro ne reçoit pas de SMS. Donnez un numéro de portable, ou dites : pas de portable.",),),
    "commune_misheard": (("Excusez-moi. Tapez le code postal à cinq chiffres, ou redites seulement la commune.",),),
    "phone_misheard": (("Excusez-moi. Tapez votre numéro sur le clavier, ou dites les chiffres un par un.",),),
    "other_request": (("Pour cette demande, un conseiller peut vous répondre. Voulez-vous lui parler ?",),),
    "one_of_them": (
        ("Des enlèvements sont déjà prévus à cette adresse,", "{dates}.", "L'un d'eux est-il le vôtre ?"),
        ("Je vérifie :", "{dates},", "l'un de ces enlèvements est-il le vôtre ? Dites oui ou non."),
    ),
    "add_to_that": (("Voulez-vous ajouter ces objets à ce rendez-vous ?",),),
    "reminder_there": (("Voulez-vous que nous vous rappelions la veille pour vous le redire, au", "{phone} ?"),),
    "one_date": (("Nous pouvons passer", "{dates}.", "Cela vous convient-il ?"),),
}
"""first wordings of a question in a particular case; its usual ones follow"""

LEAD_INS: dict[str, Wording] = errand_prompts.LEAD_INS | {
    "noted": ("C'est noté :", "{items}."),
    "not_found": ("Je ne trouve pas cette rue dans ma liste.",),
    "not_found_in": ("Je ne trouve pas cette rue à", "{commune}."),
    "residence": ("Je ne trouve pas cette résidence, il me faut sa rue.",),
    "landmark": ("J'ai noté ce lieu, il me faut aussi la rue.",),
    "not_known": ("Ce n'est pas grave.",),
    "other_town": ("Je réserve seulement dans les communes de la Métropole.",),
    "wish_unmet": ("Je n'ai pas de place à ce moment-là.",),
    "wish_closed": ("Il n'y a pas de collecte", "{days} :", "{cause}."),
    "date_taken": ("Cette date vient d'être prise, je suis désolé.",),
    "date_closed": ("L'heure limite pour cette date vient de passer, je suis désolé.",),
    "no_name": ("Nous nous en passerons, votre référence suffit.",),
    "hearing_you": ("Je vous écoute, prenez votre temps.",),
    "repeat": ("Je répète.",),
    "given_back": ("C'est de nouveau l'assistant automatique.",),
    "resume": ("Excusez-moi pour cette coupure, je suis de nouveau là.",),
    "continue": ("D'accord, continuons ensemble.",),
}

STATEMENTS: dict[str, Wording] = errand_prompts.STATEMENTS | {
    "refused": ("Nous ne pouvons pas prendre", "{item}.", "{alternative}"),
    "why": ("{rule}.",),
    "why_from": ("{rule}, d'après {source}.",),
    "why_person": ("Pour voir cela avec une personne, dites « conseiller ».",),
    "too_heavy": ("Pour", "{item},", "{alternative}"),
    "doubt": ("Pour", "{item},", "un conseiller doit vérifier."),
    "own_doubt": ("{alternative}",),
    "own_doubt_rest": ("{alternative}", "Je ne peux pas le réserver moi-même."),
    "doubt_rest": ("Pour", "{item},", "un conseiller doit vérifier : je ne peux pas le réserver moi-même."),
    "too_many": ("C'est plus que ce que je peux réserver en une fois. Un conseiller va regarder avec vous.",),
    "not_served": ("Pour cette commune, je n'ai pas les règles de collecte. Un conseiller va vous répondre.",),
    "no_date": ("Je n'ai plus de date disponible pour ce secteur. Un conseiller va vous proposer une solution.",),
    "all_closed": ("Il n'y a pas de collecte", "{days} :", "{cause}.", "Un conseiller va regarder avec vous."),
    "household_limit": ("Les règles prévoient", "{limit}", "pour un foyer.", "Un conseiller va regarder avec vous."),
    "household_limit_reached": (
        "Votre foyer a déjà eu tous les enlèvements prévus par les règles. Un conseiller va regarder avec vous.",
    ),
    "not_booked": ("Je n'arrive pas à terminer la réservation. Un conseiller va la finir avec vous.",),
    "hand_over": ("Je vous passe un conseiller, qui verra ce que vous m'avez dit.",),
    "address_doubt": ("Merci, c'est noté. Un conseiller va trouver l'adresse avec vous.",),
    "technical": ("J'ai un souci technique, excusez-moi. Je vous passe un conseiller.",),
    "emergency": ("S'il y a un danger, raccrochez et appelez le 18 ou le 112. Je vous passe un conseiller.",),
    "booked": ("C'est réservé, pour le", "{date}."),
    "reference": ("Votre référence est :", "{reference}."),
    "reference_again": ("Je répète :", "{reference}."),
    "sms": ("Vous allez recevoir un SMS de confirmation. Merci de votre appel, et bonne journée.",),
    "no_sms": ("Gardez bien votre référence. Merci de votre appel, et bonne journée.",),
    "reminder": ("Nous vous appellerons la veille. Gardez bien votre référence, et bonne journée.",),
    "nothing_to_take": ("Très bien. Merci de votre appel, et bonne journée.",),
    "nothing_booked": ("Je n'ai rien réservé. Merci de votre appel, et bonne journée.",),
    "silence": ("Je n'entends personne, je raccroche. Rappelez-nous quand vous voulez.",),
}  # fmt: skip

EXPECTS: dict[Act, Expectation] = errand_prompts.EXPECTS | {
    Act.ASK_NEED: Expectation.ANY,
    Act.ASK_ITEMS: Expectation.ITEMS,
    Act.ASK_COMMUNE: Expectation.COMMUNE,
    Act.CONFIRM_COMMUNE: Expectation.YES_NO,
    Act.ASK_ADDRESS: Expectation.ADDRESS,
    Act.ASK_NUMBER: Expectation.NUMBER,
    Act.CHOOSE_ADDRESS: Expectation.ADDRESS,
    Act.ASK_PART: Expectation.PART,
    Act.ASK_INITIALS: Expectation.NAME,
    Act.ASK_LANDMARK: Expectation.ADDRESS,
    Act.RECALL_ADDRESS: Expectation.YES_NO,
    Act.CONFIRM_ADDRESS: Expectation.YES_NO,
    Act.ASK_WHOSE: Expectation.YES_NO,
    Act.OFFER_ADD: Expectation.YES_NO,
    Act.OFFER_DATES: Expectation.DATE,
    Act.ASK_PHONE: Expectation.PHONE,
    Act.CONFIRM_PHONE: Expectation.YES_NO,
    Act.OFFER_REMINDER: Expectation.YES_NO,
    Act.ASK_NAME: Expectation.NAME,
    Act.ASK_NAME_SPELLED: Expectation.NAME,
    Act.CONFIRM_NAME: Expectation.YES_NO,
    Act.RECAP: Expectation.YES_NO,
    Act.ASK_CORRECTION: Expectation.ANY,
    Act.ASK_SATISFACTION: Expectation.YES_NO,
    Act.OFFER_HUMAN: Expectation.YES_NO,
}

CHOICES: dict[Act, tuple[str, ...]] = errand_prompts.CHOICES | {
    Act.ASK_CORRECTION: ("les objets", "l'adresse", "la date", "le téléphone"),
    Act.ASK_PART: ("le numéro", "la rue"),
    Act.ASK_PHONE: ("pas de portable",),
}
"""what a question offers in so many words: where the sound is not clear, the ear chooses among them"""

CORRECTS: dict[Act, Expectation] = {
    Act.CONFIRM_ADDRESS: Expectation.ADDRESS,
    Act.RECALL_ADDRESS: Expectation.ADDRESS,
    Act.CONFIRM_PHONE: Expectation.PHONE,
    Act.CONFIRM_NAME: Expectation.NAME,
}

MEANINGS: dict[Act, str] = errand_prompts.MEANINGS | {
    Act.NOTICE: "Dit que l'assistant est une machine et que les paroles sont transcrites",
    Act.TELL_HUMAN: "Dit comment joindre une personne",
    Act.ASK_NEED: "Demande ce que l'appelant souhaite",
    Act.ASK_ITEMS: "Demande les objets à enlever",
    Act.TELL_RULING: "Dit ce qui n'est pas collecté et quoi faire à la place",
    Act.ASK_COMMUNE: "Demande la commune ou l'arrondissement",
    Act.CONFIRM_COMMUNE: "Fait confirmer la commune",
    Act.ASK_ADDRESS: "Demande le numéro et la rue",
    Act.CHOOSE_ADDRESS: "Propose deux ou trois adresses",
    Act.CONFIRM_ADDRESS: "Relit l'adresse et la fait confirmer",
    Act.ASK_NUMBER: "Demande le numéro dans la rue",
    Act.ASK_PART: "Demande ce qui est faux dans l'adresse : le numéro ou la rue",
    Act.ASK_INITIALS: "Demande les premières lettres du nom de la rue",
    Act.ASK_LANDMARK: "Demande un lieu proche, pour le conseiller",
    Act.RECALL_ADDRESS: "Demande si c'est la même adresse que la dernière fois, sans dire le numéro",
    Act.ASK_WHOSE: "Demande si l'enlèvement déjà prévu à l'adresse est celui de l'appelant",
    Act.OFFER_ADD: "Propose d'ajouter les objets à un rendez-vous déjà pris",
    Act.OFFER_DATES: "Propose des dates qui ont de la place",
    Act.ASK_PHONE: "Demande un numéro de portable pour le SMS",
    Act.CONFIRM_PHONE: "Fait confirmer le numéro pour le SMS",
    Act.OFFER_REMINDER: "Propose un appel la veille à qui n'a pas de portable",
    Act.ASK_NAME: "Demande un nom, que l'appelant peut garder pour lui",
    Act.ASK_NAME_SPELLED: "Demande d'épeler le nom",
    Act.CONFIRM_NAME: "Relit le nom et le fait confirmer",
    Act.RECAP: "Relit tout et demande l'accord explicite",
    Act.ASK_CORRECTION: "Demande ce qu'il faut changer",
    Act.GIVE_REFERENCE: "Donne la référence de la réservation, deux fois",
    Act.PUT_OUT: "Dit quand et où sortir les objets",
    Act.ASK_SATISFACTION: "Demande une fois, à la fin, si l'appelant a obtenu ce qu'il voulait",
    Act.OFFER_HUMAN: "Propose de parler à une personne",
    Act.HAND_OVER: "Annonce le passage à une personne",
    Act.EMERGENCY: "Renvoie vers le 18 ou le 112",
    Act.GOODBYE: "Prend congé",
    Act.RESUME: "Reprend après une coupure",
}


def said(act: Act, wording: Wording, expect: Expectation | None = None, **values: str) -> Say:
    """A prompt with its values filled in; the legal notice alone is not spoken over."""
    parts = tuple(part.format(**values) for part in wording)
    return Say(act, parts, expect, interruptible=act is not Act.NOTICE, corrects=CORRECTS.get(act))


def sentence_by_sentence(act: Act, text: str, entry: str | None = None) -> tuple[Say, ...]:
    """``text`` as one interruptible prompt a sentence: nobody listens to a long one."""
    sentences = _SENTENCE.findall(text)
    return tuple(Say(act, (sentence.strip(),), entry=entry) for sentence in sentences)


def _fixed() -> tuple[str, ...]:
    wordings = [
        _NOTICE,
        _WAY_TO_A_PERSON,
        *(wording for wordings in QUESTIONS.values() for wording in wordings),
        *(wording for wordings in VARIANTS.values() for wording in wordings),
        *LEAD_INS.values(),
        *STATEMENTS.values(),
    ]
    return tuple(dict.fromkeys(part for wording in wordings for part in wording if "{" not in part))


FIXED: tuple[str, ...] = _fixed()
"""Every part that never varies, to be rendered once at set-up."""
