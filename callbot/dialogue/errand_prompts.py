"""What the bot says in French about everything but a new booking: questions, bookings made before, people's hours.

The same rules as in ``prompts``, which joins these tables to its own.
"""

from __future__ import annotations

from callbot.dialogue.acts import Act
from callbot.domain.bookings import NotConform
from callbot.domain.meaning import Expectation, Language

Wording = tuple[str, ...]

QUESTIONS: dict[Act, tuple[Wording, ...]] = {
    Act.CONFIRM_GOAL: (
        ("Vous voulez", "{goal}.", "C'est bien ça ?"),
        ("Je vérifie : voulez-vous", "{goal} ?", "Dites oui ou non."),
        ("Pour", "{goal},", "tapez 1. Sinon, tapez 2."),
    ),
    Act.ASK_MORE: (
        ("Puis-je faire autre chose pour vous ?",),
        ("Avez-vous une autre demande ? Dites oui ou non.",),
        ("Pour une autre demande, tapez 1. Pour terminer, tapez 2.",),
    ),
    Act.OFFER_BOOKING: (
        ("Voulez-vous prendre un rendez-vous ?",),
        ("Souhaitez-vous que nous venions les prendre ? Dites oui ou non.",),
        ("Pour prendre un rendez-vous, tapez 1. Sinon, tapez 2.",),
    ),
    Act.OFFER_CONTINUE: (
        ("Nous en étions à votre demande pour", "{items}.", "Est-ce qu'on continue ?"),
        ("Votre demande pour", "{items}", "n'est pas finie. La continuer : oui ou non ?"),
        ("Pour continuer votre demande, tapez 1. Pour recommencer, tapez 2.",),
    ),
    Act.ASK_REFERENCE: (
        ("Quelle est la référence du rendez-vous ? Si vous ne l'avez pas, dites : je ne l'ai pas.",),
        ("Dites la référence, un signe après l'autre. Par exemple : A comme Anatole, 4, K comme Kléber.",),
        ("Tapez les cinq signes de la référence sur le clavier. Si vous ne l'avez pas, tapez dièse.",),
    ),
    Act.CHOOSE_BOOKING: (
        ("Vous avez plusieurs rendez-vous :", "{dates}.", "Lequel ?"),
        ("Les rendez-vous sont", "{dates}.", "Dites la date de celui dont vous parlez."),
        ("{keys}.", "Si ce n'est aucun d'eux, tapez 9."),
    ),
    Act.CHECK_COMMUNE: (
        ("Pour vérifier, dans quelle commune ou quel arrondissement est ce rendez-vous ?",),
        ("Redites la commune du rendez-vous, ou tapez son code postal.",),
        ("Tapez le code postal à cinq chiffres de l'adresse du rendez-vous.",),
    ),
    Act.CONFIRM_CANCEL: (
        ("Le rendez-vous du", "{date},", "pour", "{items}.", "Est-ce que je l'annule ?"),
        ("Pour annuler le rendez-vous du", "{date},", "dites oui. Pour le garder, dites non."),
        ("Tapez 1 pour annuler le rendez-vous du", "{date},", "2 pour le garder."),
    ),
    Act.ASK_CHANGE: (
        ("Que faut-il changer : la date, les objets, le téléphone, ou rien ?",),
        ("Dites : la date, les objets, le téléphone, ou : rien.",),
        ("Tapez 1 pour les objets, 3 pour la date, 4 pour le téléphone, 2 pour ne rien changer.",),
    ),
    Act.CONFIRM_CHANGE: (
        ("Le rendez-vous devient :", "{items},", "{date}.", "Est-ce que je le change ?"),
        ("Je relis :", "{items},", "{date}.", "Pour changer le rendez-vous, dites oui."),
        ("Nous prendrons", "{items},", "{date}.", "Tapez 1 pour changer, 2 pour ne rien changer."),
    ),
    Act.ASK_KIND: (
        ("Qu'est-ce qui a été laissé dans la rue ?",),
        ("Décrivez ce que vous voyez. Par exemple : des sacs, un canapé, des gravats.",),
        ("Excusez-moi, que faut-il nettoyer ? Un mot suffit.",),
    ),
    Act.OFFER_CALL_BACK: (
        ("Peut-on vous rappeler", "{window},", "au {phone} ?"),
        ("Un conseiller peut vous rappeler", "{window},", "au {phone}.", "Dites oui ou non."),
        ("Pour être rappelé", "{window},", "tapez 1. Sinon, tapez 2."),
    ),
    Act.ASK_CALL_BACK_NUMBER: (
        ("À quel numéro un conseiller peut-il vous rappeler ?",),
        ("Tapez les dix chiffres du numéro où vous rappeler, ou dites-les un par un.",),
        ("Tapez votre numéro à dix chiffres. Pour ne pas être rappelé, tapez dièse.",),
    ),
}

VARIANTS: dict[str, tuple[Wording, ...]] = {
    "what_else": (("Je vous écoute. Quelle est votre demande ?",),),
    "all_items": (("Dites tous les objets à enlever, les anciens et les nouveaux.",),),
    "reference_wrong": (("Je ne trouve pas cette référence. Redites-la lentement, ou tapez-la sur le clavier.",),),
    "ask_person": (("Voulez-vous parler à un conseiller ?",),),
    "assisted": (("Un conseiller peut organiser une aide pour sortir les objets. Voulez-vous lui parler ?",),),
    "other_number": (("À quel autre numéro vous rappeler ? Pour ne pas être rappelé, dites non.",),),
}
"""first wordings of a question in a particular case; its usual ones follow"""

LEAD_INS: dict[str, Wording] = {
    "not_heard": ("Je ne vous entends pas.",),
    "back_to_it": ("Revenons à votre demande.",),
    "slower": ("D'accord, je parle plus lentement.",),
    "a_step_back": ("D'accord, revenons en arrière.",),
    "dropped": ("Très bien, je n'ai rien réservé.",),
    "all_right": ("Très bien.",),
    "not_this_commune": ("Ce n'est pas la commune que j'ai notée.",),
    "nothing_changed": ("Très bien, je n'ai rien changé.",),
    "kept": ("Très bien, le rendez-vous est gardé.",),
}

_CALLED_BACK = "Un conseiller rappelle ce numéro pour vérifier, puis vous répond sous un mois."

STATEMENTS: dict[str, Wording] = {
    "nobody_there": ("Les conseillers ne répondent pas à cette heure.",),
    "accepted": ("Oui, nous prenons", "{item}."),
    "status": ("Votre rendez-vous est prévu le", "{date},", "pour", "{items}."),
    "status_today": ("Votre rendez-vous est aujourd'hui, pour", "{items}.", "Le camion passe dans la journée."),
    "status_past": ("Le passage était prévu le", "{date}.", "S'il n'a pas eu lieu, dites-le-moi."),
    "status_replanned": ("Votre enlèvement a été reporté. Le nouveau passage est prévu le", "{date}."),
    "status_not_presented": (
        "L'équipe est passée le",
        "{date}",
        "et n'a pas trouvé les objets. Vous pouvez reprendre rendez-vous.",
    ),
    "status_not_conform": ("L'équipe est passée le", "{date},", "mais les objets sont restés sur place :", "{reason}."),
    "status_inaccessible": (
        "L'équipe est passée le",
        "{date},",
        "sans pouvoir atteindre les objets. Vous pouvez reprendre rendez-vous.",
    ),
    "status_missed": (
        "Je suis désolé, l'équipe n'a pas pu passer le",
        "{date}.",
        "Nous cherchons une autre date pour vous.",
    ),
    "status_cancelled": ("Le rendez-vous du", "{date}", "a été annulé."),
    "status_collected": ("Les objets ont été enlevés, c'était le", "{date}."),
    "not_yet": ("Le passage n'a pas encore eu lieu : il est prévu le", "{date}."),
    "missed": ("Je suis désolé pour ce passage manqué du", "{date}.", "Je viens de le signaler à l'équipe."),
    "missed_some_day": ("Je suis désolé pour ce passage manqué. Je viens de le signaler à l'équipe.",),
    "cancelled": ("C'est annulé. Votre place servira à quelqu'un d'autre.",),
    "changed": ("C'est changé, pour le", "{date}.", "Votre référence reste la même."),
    "changed_some_day": ("C'est changé. Votre référence reste la même.",),
    "change_over": ("Ce rendez-vous est déjà passé ou annulé. Un conseiller va regarder avec vous.",),
    "change_late": ("L'heure limite pour changer ce rendez-vous est passée. Un conseiller va regarder avec vous.",),
    "change_too_much": ("Ce rendez-vous ne peut pas prendre tous ces objets. Un conseiller va regarder avec vous.",),
    "change_failed": ("Je n'arrive pas à changer ce rendez-vous. Un conseiller va le faire avec vous.",),
    "no_booking": ("Je ne retrouve pas ce rendez-vous. Un conseiller va le chercher avec vous.",),
    "fly_tip": ("Merci, le dépôt est signalé à l'équipe de nettoyage.",),
    "complaint": ("Je comprends, et je note votre réclamation. Un conseiller la prend avec vous.",),
    "data_rights_person": (
        "Votre demande sur vos données est notée. Un conseiller doit savoir pour quel numéro, je vous le passe.",
    ),
    "not_yet_today": ("Le camion passe encore aujourd'hui. S'il n'est pas venu ce soir, revenez vers nous.",),
    "data_access": ("Je note que vous voulez une copie de vos données.", _CALLED_BACK),
    "data_rectification": ("Je note que vos données sont à corriger.", _CALLED_BACK),
    "data_erasure": ("Je note que vous voulez l'effacement de vos données.", _CALLED_BACK),
    "data_limitation": ("Je note que vos données ne doivent plus être utilisées.", _CALLED_BACK),
    "data_objection": ("Je note votre opposition.", _CALLED_BACK),
    "assisted": ("Un conseiller peut organiser une aide pour sortir les objets. Je vous le passe.",),
    "professional": ("Pour une entreprise ou une copropriété, un conseiller doit regarder. Je vous le passe.",),
    "not_known": ("Je ne sais pas répondre à cette question.",),
    "calm": ("Je comprends que ce soit agaçant, excusez-moi.",),
    "upset": ("Je préfère vous passer un conseiller, il pourra mieux vous aider.",),
    "joke": ("Je ne suis qu'une machine, je ne sais parler que d'encombrants.",),
    "call_back": ("C'est noté, un conseiller vous rappelle", "{window}.", "Merci de votre appel."),
    "call_back_sms": ("C'est noté, un conseiller vous rappelle", "{window}.", "Un SMS vous le confirme."),
    "no_call_back": ("Très bien. Rappelez-nous quand vous voulez, et bonne journée.",),
    "call_back_failed": ("Je n'arrive pas à noter le rappel, excusez-moi. Rappelez-nous un peu plus tard.",),
    "emergency_alone": ("S'il y a un danger, raccrochez et appelez tout de suite le 18 ou le 112.",),
    "hold_on": ("J'ai un petit souci pour vous entendre. Un instant, je reviens.",),
}

NOT_CONFORM: dict[NotConform, str] = {
    NotConform.OTHER_ITEMS: "il y avait d'autres objets que ceux annoncés",
    NotConform.TOO_MUCH: "il y en avait plus que prévu",
    NotConform.NOT_TAKEN: "certains ne partent pas avec les encombrants",
    NotConform.BLOCKS_THE_WAY: "ils bloquaient le passage",
    NotConform.NO_REFERENCE: "il n'y avait pas de référence dessus",
}
"""why objects were left, as "les objets sont restés sur place :" goes on"""

OTHER_LANGUAGES: dict[Language, str] = {
    Language.ENGLISH: "One moment, please. I am putting you through to a person.",
    Language.SPANISH: "Un momento, por favor. Le paso con una persona.",
    Language.ITALIAN: "Un momento, per favore. Le passo una persona.",
    Language.GERMAN: "Einen Moment, bitte. Ich verbinde Sie mit einer Person.",
}
"""said to callers who speak another language; a language we cannot say is answered in simple French"""
OTHER_LANGUAGES_LATER: dict[Language, str] = {
    Language.ENGLISH: "A person will call you back.",
    Language.SPANISH: "Una persona le llamará.",
    Language.ITALIAN: "Una persona la richiamerà.",
    Language.GERMAN: "Eine Person ruft Sie zurück.",
}
"""the same where nobody answers at this hour and the number that calls is known"""
OTHER_LANGUAGES_CLOSED: dict[Language, str] = {
    Language.ENGLISH: "Please call us during the day.",
    Language.SPANISH: "Por favor, llame durante el día.",
    Language.ITALIAN: "Per favore, chiami durante il giorno.",
    Language.GERMAN: "Bitte rufen Sie tagsüber an.",
}
"""the same where no number is known to call back"""

CHOICES: dict[Act, tuple[str, ...]] = {Act.ASK_CHANGE: ("la date", "les objets", "le téléphone", "rien")}

EXPECTS: dict[Act, Expectation] = {
    Act.CONFIRM_GOAL: Expectation.YES_NO,
    Act.ASK_MORE: Expectation.YES_NO,
    Act.OFFER_BOOKING: Expectation.YES_NO,
    Act.OFFER_CONTINUE: Expectation.YES_NO,
    Act.ASK_REFERENCE: Expectation.REFERENCE,
    Act.CHOOSE_BOOKING: Expectation.DATE,
    Act.CHECK_COMMUNE: Expectation.COMMUNE,
    Act.CONFIRM_CANCEL: Expectation.YES_NO,
    Act.ASK_CHANGE: Expectation.ANY,
    Act.CONFIRM_CHANGE: Expectation.YES_NO,
    Act.ASK_KIND: Expectation.ITEMS,
    Act.OFFER_CALL_BACK: Expectation.YES_NO,
    Act.ASK_CALL_BACK_NUMBER: Expectation.PHONE,
}

MEANINGS: dict[Act, str] = {
    Act.CONFIRM_GOAL: "Vérifie une demande entendue au milieu d'une autre",
    Act.ASK_MORE: "Demande s'il y a autre chose",
    Act.ANSWER: "Répond à une question avec le document du centre d'appels",
    Act.NOT_KNOWN: "Dit que la réponse n'est pas connue",
    Act.OFFER_BOOKING: "Propose un rendez-vous après une question sur un objet",
    Act.OFFER_CONTINUE: "Propose de reprendre la demande d'un appel coupé",
    Act.ASK_REFERENCE: "Demande la référence d'un rendez-vous",
    Act.CHOOSE_BOOKING: "Demande de quel rendez-vous il s'agit",
    Act.CHECK_COMMUNE: "Vérifie la commune d'un rendez-vous quand un autre numéro appelle",
    Act.TELL_STATUS: "Dit où en est un rendez-vous",
    Act.CONFIRM_CANCEL: "Fait confirmer une annulation",
    Act.ASK_CHANGE: "Demande ce qu'il faut changer d'un rendez-vous",
    Act.CONFIRM_CHANGE: "Relit le rendez-vous changé et demande l'accord explicite",
    Act.TELL_CHANGE: "Dit que le rendez-vous est changé ou annulé",
    Act.ASK_KIND: "Demande ce qui a été laissé dans la rue",
    Act.TELL_REPORT: "Dit qu'un signalement est noté",
    Act.CALM: "Reste calme devant une insulte ou une plaisanterie",
    Act.OTHER_LANGUAGE: "Répond dans la langue de l'appelant et passe une personne",
    Act.OFFER_CALL_BACK: "Propose un rappel quand personne ne répond à cette heure",
    Act.ASK_CALL_BACK_NUMBER: "Demande le numéro où rappeler",
    Act.CALL_BACK: "Promet un rappel dans un créneau",
    Act.HOLD_ON: "Demande de patienter pendant un souci technique",
}

GOALS: dict[str, str] = {
    "status": "savoir où en est un rendez-vous",
    "missed": "signaler un passage manqué",
    "amend": "changer un rendez-vous déjà pris",
    "cancel": "annuler un rendez-vous déjà pris",
    "fly_tip": "signaler un dépôt sauvage",
    "book": "prendre un rendez-vous",
}
"""a goal of a call, as "vous voulez ..." goes on"""
DROP = "abandonner cette demande"
"""the same for who says "annulez" before anything is booked"""
