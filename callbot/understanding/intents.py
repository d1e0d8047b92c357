"""Why the caller speaks, and whether a person is asked for: patterns over the folded words, in order of weight."""

from __future__ import annotations

import re

from callbot.domain.meaning import Intent

_BOOKING = (
    r"(?:rendez vous|rdv|enlevement|ramassage|collecte|reservation|demande|passage|dossier|date|creneau|encombrants?)"
)
_MINE = rf"(?:mon|ma|mes|le|la|un|une|de|du|l|cette|ce|notre) {_BOOKING}"

_RULES: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern))
    for intent, pattern in (
        (
            Intent.EMERGENCY,
            r"\b(?:fuite|odeur|sent(?:ir)?(?: le| du)?|sens(?: le| du)?) (?:de |le |du )?gaz\b|\bca sent (?:le |tres fort le )?gaz\b|\bincendie\b"
            r"|\b(?:y a|il y a|prend|pris|mis|au) (?:le )?feu\b(?! rouge| vert)|\ben feu\b|\bca brule\b|\bbless(?:e|es|ee|ees)\b"
            r"|\bau secours\b|\b(?:appelez|appeler) (?:les pompiers|la police|le samu|une ambulance)\b|\bne respire (?:plus|pas)\b|\binconscient",
        ),
        (
            Intent.CANCEL,
            rf"\bannul\w*|\bdecommand\w*|\bsupprim\w+ {_MINE}|\bne (?:veux|souhaite) plus (?:de |du |mon |ma |le |la )?{_BOOKING}"
            rf"|\blaisse[rz]? tomber {_MINE}",
        ),
        (
            Intent.MISSED,
            r"\b(?:pas|jamais|toujours pas) (?:encore )?(?:passee?s?|venue?s?)\b|\bpersonne n? ?(?:est|n est) (?:venue?|passee?|vient)\b|\bpersonne est (?:venu|passe)\b"
            r"|\b(?:pas|jamais) (?:encore )?(?:ete |tout )?(?:(?:ete )?(?:enlev|ramass|collect|recuper|pris|debarrass)\w*)\b.*\b(?:prevu|hier|semaine|devai|toujours|matin)"
            r"|\b(?:pas|jamais) ete (?:enlev|ramass|collect|recuper)\w*|\b(?:ont|a|avez) oublie\b|\btoujours (?:la|dehors|devant|sur le trottoir)\b"
            r"|\b(?:ont|a|avez|n ont|n a) (?:pas|rien) (?:ramasse|enleve|pris|recupere|collecte)\w*\b|\bencore (?:la|sur le trottoir)\b",
        ),
        (
            Intent.AMEND,
            rf"\b(?:modifi|deplac|decal|report|avanc|repouss)\w* .*{_BOOKING}|\bchang\w+ (?:de |d |la |le |mon |ma |l )?(?:{_BOOKING}|jour|adresse|heure)"
            rf"|\b(?:modifier|decaler|deplacer|reporter)\b|\b(?:ajout|rajout|enlev|retir)\w* .* (?:a|de|sur|dans) (?:mon|ma|notre|la|le) {_BOOKING}",
        ),
        (
            Intent.STATUS,
            rf"\bou en est\b|\bsuivi\b|\b(?:avance|avancement) (?:de )?{_MINE}|\bdeja (?:une |un |fait une |fait |pris |reserve |appele )(?:un )?{_BOOKING}?"
            rf"|\bquand (?:est ce que |est ce qu )?(?:vous|ils?|le camion|on) (?:passe|vien|va|allez)\w*|\b(?:vous|ils) (?:passez|passent|venez|viennent) (?:bien )?quand"
            rf"|\b(?:quand|quelle (?:date|jour|heure)) .*{_MINE}|\b(?:c est|est) (?:bien |toujours )?prevu\b|\bma reference\b"
            rf"|\bnumero (?:de |d )?(?:dossier|demande|reference|intervention)|\b(?:nouvelles|informations?) .*{_MINE}|\b(?:confirm|verifi)\w+ {_MINE}",
        ),
        (Intent.BACK, r"\b(?:revenir|reviens|revenons|retour(?:ner)?|retournons) (?:en arriere|avant|au debut|a la question)|\bprecedente?\b|\brecommenc\w+|\bau debut\b"),
        (
            Intent.REPEAT,
            r"\b(?:repet|reexpliqu)\w*\b|\bredi(?:re|tes|s)\b|\b(?:pas|rien|mal) (?:bien |tout |trop )?(?:compris|entendu|saisi|suivi)\b|\bcomprends? (?:pas|rien)\b"
            r"|\bentends? (?:pas|mal|rien)\b|\bplus (?:fort|lentement|doucement)\b|\bmoins vite\b|\bvous (?:dites|disiez|avez dit)(?: quoi)?$"
            r"|^(?:pardon|comment|hein|quoi|plait il|comment ca|excusez moi)(?: (?:pardon|comment|quoi|vous dites))?$",
        ),
        (
            Intent.BOOK,
            r"\b(?:pouvez|pourriez|pourrait|peut|peuvent|voudrais|veux|souhaite\w*|aimerais|voulais|faudrait|besoin|venez|venir) .*"
            r"\b(?:debarrass|enlev|ramass|recuper|cherch|reserv|prendre (?:un )?(?:rendez|rdv)|jeter|evacu|collect|rendez vous|rdv|passer prendre)\w*"
            r"|\b(?:faire|a faire) (?:enlever|debarrasser|ramasser|prendre|partir)|\bprendre (?:un )?(?:rendez vous|rdv)\b",
        ),
        (
            Intent.QUESTION,
            r"\best ce (?:que |qu )(?:vous|je|on|il faut|il|c est|ca|les|le|la)|^(?:vous|prenez|acceptez)(?: vous)? (?:prenez|acceptez|ramassez|collectez|enlevez|recuperez|faites)?"
            r"|\b(?:vous (?:prenez|acceptez|ramassez|collectez|recuperez)|prenez vous|acceptez vous|ramassez vous|enlevez vous|puis je|peut on|dois je|faut il|ai je le droit)\b"
            r"|\bcombien\b|\bc est (?:payant|gratuit|quoi)\b|\bquel(?:le)?s? (?:objets?|sont|est|types?|horaires?|dechets?|volume)\b|\bqu est ce (?:que|qu|qui)\b"
            r"|\bhoraires?\b|\b(?:ou|comment) (?:est|se trouve|sont|je|on|ca|puis|dois|faire|faut)\b|\ba quelle heure\b|\bdechett?erie\b|\bpourquoi (?!pas)",
        ),
        (
            Intent.BOOK,
            r"\b(?:debarrass|evacu|desencombr)\w*|\bencombrants?\b|\b(?:a|faire|pour) (?:enlever|jeter|ramasser|recuperer|donner|prendre|debarrasser|evacuer)\b"
            r"|\b(?:enlevement|ramassage|collecte)\b|\breserv\w+|\b(?:rendez vous|rdv)\b|\b(?:enlever|enlevez|ramassez|ramasser|jeter)\b",
        ),
        (
            Intent.WAIT,
            r"\battendez\b|\battends\b(?! depuis)|\bpatient\w*|\bne quittez pas\b|\bquittez pas\b|\b(?:un|une|deux|petit|petite|#2|#5|cinq) (?:petit |petite )?(?:instant|moment|seconde|secondes|minute|minutes|#o2)\b"
            r"|\bje (?:vais )?(?:cherche|chercher|regarde|regarder|verifie|verifier|demande a)\b",
        ),
        (Intent.GOODBYE, r"\bau revoir\b|\bbonne (?:journee|soiree|fin)\b|\badieu\b|\ba bientot\b|\bbon(?:ne)? (?:apres midi|week end|dimanche)\b|\bciao\b"),
    )
)  # fmt: skip
_YIELDS_TO_SLOTS = frozenset({Intent.WAIT, Intent.GOODBYE, Intent.REPEAT})

_WHO = r"(?:conseill(?:er|ere|e|ers|eres|ez)|teleconseill\w+|operat(?:eur|rice)|humaine?|etre humain|standard(?:iste)?|agente?|employee?|responsable|superieur)"
_HUMAN = re.compile(
    rf"\b(?:un|une|l|le|la|au|aux|a l|avec|votre|vos|des|d autre) (?:vraie? )?{_WHO}\b(?! immobilier)|\b{_WHO}\b(?: (?:s il vous plait|svp|merci|oui))?$"
    r"|\b(?:vraie|veritable|reelle|autre) personne\b|\bquelqu un de (?:reel|vrai|humain|vivant)\b|\bvrai (?:humain|conseiller|agent)\b"
    r"|\b(?:parl\w*|pass\w*|avoir|joindre|discuter|echanger|voir|prefere|mets|mettez|voudrais|veux|transf\w+) (?:moi |a |avec |directement |vers |en relation avec |en ligne avec )*(?:quelqu un|une (?:autre )?personne)\b(?! agee| handicapee| seule| a mobilite)"
    r"|^(?:(?:oui|non|bonjour|je veux|je voudrais) )*(?:quelqu un|une personne)(?: s il vous plait| svp)?$"
    r"|\b(?:pas|plus) (?:\w+ ){0,3}(?:une? )?(?:robot|machine|repondeur|ordinateur)\b(?! a)"
)  # fmt: skip
_NO_HUMAN = re.compile(
    rf"\b(?:pas|sans|plus|aucun) (?:(?:besoin|parler|passer|de|d|par|a|avec|envie|un|une|l) )*{_WHO}|\b(?:les|des|vos) agents? (?:sont|ont|n|ne|est|passe)"
    rf"|\b(?:conseill\w+|agent|operat\w+|responsable) (?:m a|m avait|a dit|qui|d immeuble|est|sont|n est|de l immeuble|de la copropriete)"
    rf"|\b(?:mon|ma) {_WHO}"
)


def find_intent(line: str, *, has_slots: bool, has_items: bool) -> Intent:
    """The intent of the folded words ``line``; ``has_slots``: something else was understood, courtesies yield to it."""
    for intent, pattern in _RULES:
        if pattern.search(line) and not (has_slots and intent in _YIELDS_TO_SLOTS):
            return intent
    return Intent.BOOK if has_items else Intent.UNKNOWN


def wants_human(line: str) -> bool:
    """True when a person is asked for, by any of the words people use."""
    return bool(_HUMAN.search(line)) and not _NO_HUMAN.search(line)
