"""Why the caller speaks, and whether a person is asked for: patterns over the folded words, in order of weight.

A spoken "ne" comes and goes, so it is dropped from the words before any pattern is tried.
"""

from __future__ import annotations

import re

from callbot.domain.meaning import Intent

_BOOKING = (
    "(?:rendez vous|rdv|enlevement|ramassage|collecte|reservation|demande|passage|dossier|date|creneau|encombrants?)"
)
_MINE = f"(?:mon|ma|mes|le|la|un|une|de|du|l|cette|ce|notre) {_BOOKING}"
_TAKEN_AWAY = r"(?:enlev|ramass|collect|recuper|debarrass|evacu|emport)\w*"
_NOT_YET = "(?:pas|jamais|rien)(?: encore| toujours)?"
_COUNTED = "(?:une?|deux|trois|cinq|2|5)(?: petite?)?"

_PATTERNS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (
        Intent.EMERGENCY,
        (
            "(?:fuite|odeur) (?:de |du )?gaz",
            "(?:sent|sens|sentir) (?:\\w+ ){0,2}gaz",
            "incendie",
            "(?:y a|prend|pris|mis) (?:le |du )?feu(?! rouge| vert)",
            "au feu(?! rouge| vert)",
            "en feu",
            "(?:ca|ca a) brule",
            "(?:est|a un|des|suis|sont) bless(?:e|es|ee|ees)",
            "au secours",
            "(?:appelez|appeler) (?:les pompiers|la police|le samu|une ambulance)",
            "(?:respire (?:plus|pas)|inconsciente?)",
        ),
    ),
    (
        Intent.CANCEL,
        (
            r"annul\w*",
            r"decommand\w*",
            rf"supprim\w+ {_MINE}",
            rf"(?:veux|souhaite|voudrais) plus (?:de |du |mon |ma |le |la )?{_BOOKING}",
            rf"laisse[rz]? tomber {_MINE}",
        ),
    ),
    (
        Intent.MISSED,
        (
            rf"{_NOT_YET} (?:passee?s?|venue?s?)",
            "personne (?:n )?est (?:venue?|passee?)",
            rf"{_NOT_YET} ete (?:pris|{_TAKEN_AWAY})",
            rf"(?:ont|a|avez) {_NOT_YET} (?:pris|{_TAKEN_AWAY})",
            "(?:ont|a|avez) (?:ete )?oublie\\w*",
            "(?:toujours|encore) (?:la|dehors|devant|sur le trottoir)",
        ),
    ),
    (
        Intent.AMEND,
        (
            rf"(?:modifi|deplac|decal|report|avanc|repouss)\w* .*{_BOOKING}",
            rf"chang\w+ (?:de |d |la |le |mon |ma |l )?(?:{_BOOKING}|jour|adresse|heure)",
            "(?:modifier|decaler|deplacer|reporter)",
            rf"(?:ajout|rajout|enlev|retir)\w* .* (?:a|de|sur|dans) (?:mon|ma|notre|la) {_BOOKING}",
        ),
    ),
    (
        Intent.STATUS,
        (
            "ou en est",
            "suivi",
            rf"avanc\w+ {_MINE}",
            rf"deja (?:une? |fait |pris |reserve |appele )+(?:{_BOOKING})?",
            r"quand (?:est ce qu?e? ?)?(?:vous|ils?|le camion|on) (?:passe|vien|va|allez)\w*",
            "(?:vous|ils) (?:passez|passent|venez|viennent) (?:bien )?quand",
            rf"(?:quand|quelle (?:date|jour|heure)) .*{_MINE}",
            "est (?:bien |toujours )?prevue?",
            "ma reference",
            "numero (?:de |d )?(?:dossier|demande|reference|intervention)",
            rf"(?:nouvelles|informations?) .*{_MINE}",
            rf"(?:confirm|verifi)\w+ {_MINE}",
        ),
    ),
    (
        Intent.BACK,
        (
            r"(?:reven|revien|retourn|retour)\w* (?:en arriere|avant|au debut|a la question)",
            "question precedente",
            r"recommenc\w+",
        ),
    ),
    (
        Intent.REPEAT,
        (
            r"(?:repet|reexpliqu)\w*",
            "redi(?:re|tes|s)",
            "(?:pas|rien|mal) (?:bien |tout |trop )?(?:compris|entendu|saisi|suivi)",
            "(?:comprends?|entends?) (?:pas|rien|mal)",
            "(?:plus (?:fort|lentement|doucement)|moins vite)",
            "vous (?:dites|disiez|avez dit)(?: quoi)?$",
            "^(?:pardon|comment|hein|quoi|plait il|excusez moi|vous dites| )+$",
        ),
    ),
    (
        Intent.BOOK,
        (
            r"(?:pouvez|pourriez|pourrait|voudrais|veux|souhait\w+|aimerais|voulais|faudrait|besoin|venez|venir) .*"
            rf"\b(?:{_TAKEN_AWAY}|cherch\w+|reserv\w+|jeter|passer prendre|prendre (?:un )?(?:rendez|rdv))",
            rf"(?:voudrais|veux|souhait\w+|aimerais|voulais|faudrait|besoin) (?:d |avoir |prendre )*une? {_BOOKING}",
            rf"(?:faire|a faire) (?:partir|prendre|{_TAKEN_AWAY})",
            "prendre (?:un )?(?:rendez vous|rdv)",
        ),
    ),
    (
        Intent.QUESTION,
        (
            "est ce qu?e? ?(?:vous|je|on|il faut|il|c est|ca|les|le|la)",
            "vous (?:prenez|acceptez|ramassez|collectez|recuperez|enlevez|faites)",
            "(?:prenez|acceptez|ramassez|enlevez|recuperez) vous",
            "(?:puis je|peut on|dois je|faut il|ai je le droit|je peux vous donner)",
            "combien",
            "c est (?:payant|gratuit|quoi)",
            "quel(?:le)?s? (?:objets?|sont|est|types?|horaires?|dechets?|volume)",
            "qu est ce (?:que|qu|qui)",
            "horaires?",
            "(?:ou|comment) (?:est|se trouve|sont|je|on|ca|puis|dois|faire|faut)",
            "a quelle heure",
            "dechett?erie",
            "pourquoi (?!pas)",
        ),
    ),
    (
        Intent.BOOK,
        (
            r"(?:debarrass|evacu|desencombr)\w*",
            "encombrants?",
            rf"(?:a|faire|pour) (?:jeter|donner|prendre|{_TAKEN_AWAY})",
            "(?:enlevement|ramassage|collecte|rendez vous|rdv)",
            r"reserv\w+",
            "(?:enlever|enlevez|ramassez|ramasser|jeter)",
        ),
    ),
    (
        Intent.WAIT,
        (
            "(?:attendez|attends)(?! depuis)",
            r"patient\w*",
            "quittez pas",
            f"{_COUNTED} (?:instant|moment|seconde|minute)s?",
            "je (?:vais )?(?:cherche|regarde|verifie|demande)r?",
        ),
    ),
    (
        Intent.GOODBYE,
        (
            "au revoir",
            "bonne (?:journee|soiree|fin de journee)",
            "(?:adieu|a bientot|ciao)",
            "bon(?:ne)? (?:apres midi|week end|dimanche)",
        ),
    ),
)
_RULES = tuple(
    (intent, re.compile("|".join(rf"(?:^|\b){pattern}(?:\b|$)" for pattern in patterns)))
    for intent, patterns in _PATTERNS
)
_YIELDS_TO_SLOTS = frozenset({Intent.WAIT, Intent.GOODBYE, Intent.REPEAT})

_AGENT = (
    "(?:(?:tele)?conseill(?:er|ere|e|ers|eres|ez)|operat(?:eur|rice)|humaine?|etre humain|standard(?:iste)?|agente?"
    "|employee?|responsable|superieur)"
)
_SOMEBODY = "(?:quelqu un|une (?:autre )?personne)(?! agee| handicapee| seule| a mobilite)"
_PLEASE = "(?: s il vous plait| svp| merci| oui)*"
_HUMAN = re.compile(
    "|".join(
        (
            rf"\b(?:une?|l|le|la|au|aux|avec|votre|vos|des|d autre) (?:vraie? )?{_AGENT}\b(?! immobilier)",
            rf"^(?:oui |non |bonjour )*{_AGENT}{_PLEASE}$",
            r"\b(?:vraie|veritable|reelle|autre) personne\b",
            rf"\bvrai {_AGENT}\b",
            r"\bquelqu un de (?:reel|vrai|humain|vivant)\b",
            r"\b(?:parl|pass|transf|discut|echang)\w* (?:moi |a |avec |directement |vers )*" + _SOMEBODY,
            r"\b(?:avoir|joindre|voir|prefere|voudrais|veux|mettez moi) (?:en (?:relation|ligne) )?(?:avec )?"
            + _SOMEBODY,
            rf"^(?:oui |non |bonjour |je veux |je voudrais )*(?:quelqu un|une personne){_PLEASE}$",
            r"\bpas (?:\w+ ){0,3}(?:robot|machine|repondeur|ordinateur)$",
            r"\bpas parler (?:a |avec )?(?:une? )?(?:robot|machine|repondeur|ordinateur)\b",
        )
    )
)
_NO_HUMAN = re.compile(
    "|".join(
        (
            rf"\b(?:pas|sans|plus|aucun) (?:(?:besoin|parler|passer|de|d|par|a|avec|envie|une?|l) )*{_AGENT}",
            r"\b(?:les|des|vos) agents? (?:sont|ont|est|passe)",
            rf"\b{_AGENT} (?:m a|m avait|a dit|qui|d immeuble|est|sont|de l immeuble|de la copropriete)",
            rf"\b(?:mon|ma) {_AGENT}",
        )
    )
)


def find_intent(line: str, *, has_slots: bool, has_items: bool) -> Intent:
    """The intent of the folded words ``line``; ``has_slots``: something else was understood, courtesies yield to it."""
    said = _without_ne(line)
    for intent, pattern in _RULES:
        if pattern.search(said) and not (has_slots and intent in _YIELDS_TO_SLOTS):
            return intent
    return Intent.BOOK if has_items else Intent.UNKNOWN


def wants_human(line: str) -> bool:
    """True when a person is asked for, by any of the words people use."""
    said = _without_ne(line)
    return bool(_HUMAN.search(said)) and not _NO_HUMAN.search(said)


def _without_ne(line: str) -> str:
    return " ".join(word for word in line.split() if word not in ("ne", "n"))
