"""What callers say about the talk itself, ask, and say in passing: patterns over folded words, by weight."""

from __future__ import annotations

from typing import Final

from callbot.domain.meaning import Intent
from callbot.understanding.intent_lexicon import BOOKING, TAKEN_AWAY

_COUNTED = "(?:une?|deux|trois|cinq|2|5)(?: petite?)?"

ASIDES: Final[tuple[tuple[Intent, tuple[str, ...]], ...]] = (
    (
        Intent.BACK,
        (
            r"(?:reven|revien|retourn|retour)\w* (?:en arriere|avant|au debut|a la question|sur (?:l|la|le|ma|mon) )",
            "(?:question|etape) (?:precedente|d avant)",
            r"recommenc\w+|repren\w+ (?:au|du|depuis le) debut|reparti\w* (?:au|du|de) (?:debut|zero)",
            "(?:me suis|suis|j ai fait une?|me) (?:encore )?(?:trompee?|erreur|plantee?|gouree?)"
            "(?!.*\\b(?:au revoir|bonne (?:journee|soiree)))",
        ),
    ),
    (
        Intent.SLOWER,
        (
            "(?:plus|tres) (?:lentement|doucement)|moins (?:vite|rapidement|rapide)|(?:trop|si) (?:vite"
            "|rapide(?:ment)?)",
            "(?:parlez|parler|allez y|parle|dites) (?:\\w+ )?(?:doucement|lentement)|ralenti\\w*",
            "^(?:euh |oh |non |attendez )*(?:doucement|lentement)(?: s il vous plait)?$",
        ),
    ),
    (
        Intent.NOT_HEARING,
        (
            "(?:vous |t |te |j |je |on )?entend(?:s|ais)? (?:vous )?(?:pas|rien|mal|plus|tres mal"
            "|a peine)(?! bien compris)",
            "plus fort|haussez|montez le (?:son|volume)|augment\\w* le (?:son|volume)",
            "m entend(?:ez|s)(?: vous)?|(?:vous etes|etes vous) (?:toujours |encore )?la$|(?:^|allo )y a quelqu un$",
            "(?:ca|ligne|son|telephone|vous|voix|reseau)(?: \\w+){0,2} (?:coupe|coupez|gresille|hache|sature"
            "|capte (?:mal|pas)"
            "|resonne)",
            "dure? d oreille|malentendante?|(?:suis|est) (?:un peu |a moitie )?sourde?|(?:ligne|son"
            "|reseau) (?:est )?mauvaise?",
            "^(?:allo|allo oui|oui allo)(?: allo| oui| bonjour)*$",
        ),
    ),
    (
        Intent.REPEAT,
        (
            r"(?:repet|reexpliqu)\w*",
            "redi(?:re|tes|s)",
            "(?:pas|rien|mal) (?:bien |tout |trop )?(?:compris|entendu|saisi|suivi)",
            "(?:comprends?) (?:pas|rien|mal)",
            "vous (?:dites|disiez|avez dit)(?: quoi)?$",
            "^(?:pardon|comment|hein|quoi|plait il|excusez moi|vous dites|c est a dire|encore une fois| )+$",
        ),
    ),
    (
        Intent.JOKE,
        (
            "blagues?|histoires? droles?|devinette",
            "(?:tu|vous) (?:es|etes) (?:\\w+ )?(?:mariee?|amoureu(?:x|se)|celibataire|belle|beau|mignonne?|sexy"
            "|vivante?)",
            "(?:tu m|vous m|je t|je vous) aime[sz]?|veux tu m epouser|epouse moi|sortir avec moi|boire un verre",
            "quel temps (?:fait|il|va)|meteo|il (?:fait|fera) (?:beau|chaud|froid)(?: \\w+)?",
            "(?:tu as|t as|vous avez|avez vous|as tu) quel age|quel age (?:avez|as|tu|vous)",
            "(?:chante|chantez|danse|raconte|racontez)(?: (?:moi|nous))? ?(?:une|un|quelque)?",
            "(?:jolie|belle) voix|(?:vous|tu) (?:fais|faites) quoi ce soir|sens de la vie|allez l om|vive l om",
            "(?:vous|tu) (?:habitez|habites) ou|(?:aimez|aimes) (?:vous |tu )?(?:la |le |les )?(?:bouillabaisse|foot"
            "|pastis)",
            "combien (?:font|fait) (?:un|deux|2|1|\\d+) (?:et|plus) ",
        ),
    ),
    (
        Intent.BOOK,
        (
            r"(?:pouvez|pourriez|pourrait|voudrais|veux|souhait\w+|aimerais|voulais|faudrait|besoin|venez|venir) .*"
            rf"\b(?:{TAKEN_AWAY}|cherch\w+|reserv\w+|jeter|passer prendre|prendre (?:un )?(?:rendez|rdv))",
            rf"(?:voudrais|veux|souhait\w+|aimerais|voulais|faudrait|besoin) (?:d |avoir |prendre )*une? {BOOKING}",
            rf"(?:faire|a faire) (?:partir|prendre|{TAKEN_AWAY})",
            "prendre (?:un )?(?:rendez vous|rdv)",
        ),
    ),
    (
        Intent.QUESTION,
        (
            "est ce qu?e? ?(?:vous|je|on|il faut|il|c est|ca|les|le|la|y|tu)",
            "vous (?:prenez|acceptez|ramassez|collectez|recuperez|enlevez|faites)",
            "(?:prenez|acceptez|ramassez|enlevez|recuperez) vous",
            "(?:puis je|peut on|dois je|faut il|ai je le droit|je peux vous donner|y a t il)",
            "combien",
            "c est (?:payant|gratuit|quoi)",
            "quel(?:le)?s? (?:objets?|sont|est|types?|horaires?|dechets?|volume|jours?|papiers?|communes?|villes?)",
            "qu est ce (?:que|qu|qui)",
            "horaires?",
            "(?:ou|comment) (?:est|se trouve|sont|je|on|ca|puis|dois|faire|faut|vous)",
            "(?:c est|je (?:les|le|la) (?:mets?|pose|sors|jette)) (?:ou|quand|comment)",
            "a (?:quelle heure|partir de quand|partir de quelle)",
            "dechett?erie",
            "pourquoi (?!pas)",
        ),
    ),
    (
        Intent.BOOK,
        (
            r"(?:debarrass|evacu|desencombr)\w*",
            "encombrants?",
            rf"(?:a|faire|pour) (?:jeter|donner|prendre|{TAKEN_AWAY})",
            "(?:enlevement|ramassage|collecte|rendez vous|rdv)",
            r"reserv\w+",
            "(?:enlever|enlevez|ramassez|ramasser|jeter)",
        ),
    ),
    (
        Intent.WAIT,
        (
            "(?:attendez|(?<!j )attends)(?! depuis)",
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
"""A booking asked for in plain words comes before a question, a question before a word that only names the service."""
