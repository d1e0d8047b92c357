"""Which language other than French a caller speaks or asks for.

A French Whisper writes such sentences in their own words, or in French ones that sound alike ("douillou spique").
"""

from __future__ import annotations

import re
from typing import Final

from callbot.domain.meaning import Language
from callbot.understanding.lexicon import vocabulary

_ASKED: Final = (
    (Language.ENGLISH, r"\b(?:anglais|english|inglish|ingliche|anglish)\b"),
    (Language.SPANISH, r"\b(?:espagnol|espanol|castellano)\b"),
    (Language.ITALIAN, r"\b(?:italien|italiano)\b"),
    (Language.GERMAN, r"\b(?:allemand|deutsch|doitch|doytch)\b"),
)
_NAMED: Final = tuple((language, re.compile(pattern)) for language, pattern in _ASKED)
_HEARD: Final = tuple(
    (language, re.compile(rf"(?:^|\b)(?:{pattern})(?:\b|$)"))
    for language, pattern in (
        (
            Language.ENGLISH,
            r"(?:do|dou|du|doux|douillou|doyou) ?(?:you|yu|iou|ou)? (?:speak|spik|spike|spique|speack|espique)"
            r"|(?:speak|spik|spike|spique|speack|espique) (?:english|inglish|ingliche|anglish|anglais|ingles)"
            r"|(?:no|english|inglish) (?:speak|spik|french|please|plize)|(?:don t|dont) (?:speak|spik|understand)"
            r"|i am english|english please|help me please|(?:speak|spik) french",
        ),
        (
            Language.SPANISH,
            r"(?:habl|abl)(?:a|as|an|o|e|ais) (?:usted )?(?:espanol|espagnol|castellano)|no (?:hablo|ablo|entiendo"
            r"|comprendo)"
            r"|(?:se )?habla espanol",
        ),
        (
            Language.ITALIAN,
            r"(?:parla|parlate|parli|parle) italiano|non (?:parlo|capisco|parlo francese)",
        ),
        (
            Language.GERMAN,
            r"(?:sprechen|spreche|sprichst|schprechen|chpreichen|spreichen) (?:sie|zi|si|du|ich)?"
            r"|ich (?:spreche|verstehe|mochte|habe|bin)|nicht verstehen|guten (?:tag|morgen|abend)",
        ),
    )
)
_WORDS: Final = {
    Language.ENGLISH: vocabulary(
        "i i'm you he she we they it's is are was were do does did don't have has had can could would should will want"
        " need my your his her our their the this that these those there here what where when who why how which please"
        " thank thanks hello hi sorry yes of to from with without for and but or not some any big old new take away"
        " pick up collect throw out rubbish garbage waste fridge bed sofa couch chair washing machine mattress street"
        " house flat speak understand english french help me someone call calling like get rid good morning at in am"
        " know live about appointment"
    ),
    Language.SPANISH: vocabulary(
        "yo usted ustedes ellos soy eres somos estoy esta estan hay tengo tiene tienen quiero quiere quisiera puedo"
        " puede pueden necesito hablo habla hablar entiendo el los las una unos mi mis su sus con sin para por pero y"
        " muy que donde cuando como quien cual cuanto porque hola buenos buenas dias tardes noches gracias favor senor"
        " senora calle casa muebles cama colchon nevera sillon basura recoger tirar llamo vivo ayuda aqui esto eso del"
        " lavadora viejo vieja cita"
    ),
    Language.ITALIAN: vocabulary(
        "io lei loro sono siamo siete ho hai ha abbiamo hanno voglio vuole vorrei posso puo possono devo parlo parla"
        " parlare capisco il lo gli una uno mio mia miei suo sua con senza per ma e ed molto che dove quando come chi"
        " quale quanto perche ciao buongiorno buonasera grazie prego signore signora via casa mobili letto materasso"
        " frigorifero divano rifiuti buttare ritirare chiamo abito aiuto qui questo questa quello della del nel di non"
        " lavatrice vecchio vecchia appuntamento"
    ),
    Language.GERMAN: vocabulary(
        "ich du er wir ihr ist sind war bin habe hat haben kann konnen mochte will muss mein meine ihre unser der das"
        " den dem ein eine einen und oder aber nicht kein keine mit ohne fur von zu zum zur auf bei wo wann wie wer was"
        " warum bitte danke hallo guten tag morgen abend ja nein herr frau strasse haus wohnung mobel bett matratze"
        " kuhlschrank sofa mull sperrmull abholen wegwerfen spreche verstehe deutsch franzosisch hilfe hier das alte"
        " waschmaschine termin wohne"
    ),
}
_FRENCH: Final = vocabulary(
    "a ai as au aux avec c ca ce ces chez comme d dans de des du e elle en est et il ils j je l la le les m ma mais me"
    " mes mon n ne non nous on ou par pas pour qu que qui s sa se si son sur t ta te tes ton tu un une va vous y oui"
    " sofa six dix main mains train main table chaise canape frigo matelas or car tous tout sans fait merci bonjour"
    " rue avenue boulevard place cours via casa con une uno sur main come dame"
)
_FEWEST: Final = 3
"""words of a language, and of no French sentence, in which one may be recognised"""
_SHARE: Final = 0.6
"""of all words"""


def asked_language(line: str) -> Language:
    """The language named in the folded words ``line``, or ``OTHER`` where it is none of ours."""
    return next((language for language, pattern in _NAMED if pattern.search(line)), Language.OTHER)


def spoken_language(line: str) -> Language | None:
    """The language in which the folded words ``line`` are spoken; None for French, or too few words to tell."""
    heard = next((language for language, pattern in _HEARD if pattern.search(line)), None)
    if heard:
        return heard
    words = line.split()
    counts = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    foreign = sum(word in _WORDS[best] and word not in _FRENCH for word in words)
    return best if foreign >= _FEWEST and counts[best] >= _SHARE * len(words) else None
