"""What the benchmark's callers say: sentences drawn at random with a fixed seed, with what they mean.

Streets come from an imported base. A street's name is in one split only, as each voice is: nothing that was tuned on
``dev`` has been seen in ``test``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from callbot.domain.addresses import StreetAddress
from callbot.domain.geography import Commune
from callbot.gazetteer.communes import ARRONDISSEMENTS, Communes
from callbot.gazetteer.folding import fold
from callbot.gazetteer.records import Street
from callbot.gazetteer.search import Gazetteer
from callbot.speech.spoken import number_words, ordinal
from tests.bench.addresses.surnames import BENCH_SURNAMES, spelled
from tests.bench.addresses.voices import SPEAKERS, Speaker, Split

SEED: Final = 20261122
STREETS_A_VOICE: Final = {Split.DEV: 40, Split.TEST: 50}
OTHERS_A_VOICE: Final = 12
NO_ADDRESS_A_VOICE: Final = 10
PHONES_A_VOICE: Final = 4
"""of each way of saying them"""


class Task(StrEnum):
    """What a sentence is a test of."""

    ADDRESS = "address"
    NO_ADDRESS = "no address"
    """a street of elsewhere, an invented one, a landmark, a residence, "je ne sais pas" """
    NUMBER = "house number"
    COMMUNE = "commune"
    PHONE_PAIRS = "phone by pairs"
    PHONE_DIGITS = "phone digit by digit"
    NAME_SPOKEN = "surname spoken"
    NAME_SPELLED = "surname spelled"
    NAME_BOTH = "surname spoken and spelled"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence of one voice. ``wanted``: what it means, as text; "" where nothing should be found."""

    task: Task
    split: Split
    speaker: str
    hard: bool
    text: str
    wanted: str
    seed: int
    address: StreetAddress | None = None

    @property
    def key(self) -> str:
        """Names the sentence in the caches of results."""
        return f"{self.task}|{self.speaker}|{self.text}"


_WITH_NUMBER: Final = (
    "C'est au {n} {s}.",
    "{n} {s}.",
    "J'habite au {n} {s}.",
    "J'habite au {n} {s}, dans le {a}.",
    "Euh, au {n} {s}, à Marseille.",
    "Alors, c'est {s}, au {n}.",
    "Euh, au, au {n} {s}, résidence les Mimosas, troisième étage.",
    "{n} {s}, {pc} Marseille.",
    "Oui bonjour, ce serait pour le {n} {s}.",
    "Je suis au {n} {s}, bâtiment B.",
    "C'est au numéro {n}, {s}, Marseille {a}.",
    "Alors, le {n} {s}, premier étage.",
    "{n} {s}, s'il vous plaît.",
)
_WITHOUT_NUMBER: Final = ("{s}.", "C'est {s}.", "J'habite {s}.")
_PLACES: Final = ("Résidence les Cyprès", "La Roseraie", "Bâtiment C, résidence Bel Horizon")
_LANDMARKS: Final = (
    "C'est à côté de la gare Saint-Charles.", "En face du stade.", "Juste derrière la pharmacie.",
    "Au bout du chemin, après le pont.", "Près du rond-point, vous verrez un portail vert.",
)  # fmt: skip
_UNKNOWING: Final = (
    "Je ne sais pas.", "Je ne connais pas l'adresse.", "Attendez, je cherche.", "Pardon, vous pouvez répéter ?",
    "C'est chez ma mère.", "Il y a un canapé et deux matelas.",
)  # fmt: skip
_FAR_AWAY: Final = (
    "Au douze rue de Rivoli, à Paris.", "Trente avenue Jean Médecin, à Nice.",
    "C'est rue Sainte-Catherine, à Bordeaux.",
    "Huit place Bellecour à Lyon.", "Quai des Brumes, à Strasbourg.", "Cinq rue Esquermoise, à Lille.",
)  # fmt: skip
_FOREIGN: Final = ("Ten Downing Street.", "Calle de Alcalá.", "Via del Corso, numero dieci.")
_INVENTED_FIRST: Final = ("Rue", "Avenue", "Boulevard", "Impasse", "Traverse", "Chemin")
_INVENTED_LAST: Final = (
    "des Kangourous Bleus", "du Professeur Zvonimir", "de la Banquise", "Gontran Plumedor", "des Toboggans",
    "du Moulin à Chimères", "Aristide Quenouillard", "des Trois Girafes", "de l'Ornithorynque", "Honorine Fauvergue",
)  # fmt: skip
_NUMBERS: Final = ("Au numéro {}.", "Le {}.", "{}.", "C'est au {}.", "Numéro {}.", "Au {}.", "Euh, le {}.")
_COMMUNES: Final = ("À {}.", "{}.", "J'habite {}.", "C'est à {}.", "Sur {}.")
_ARRONDISSEMENTS: Final = (
    "Marseille {o}.", "Dans le {o} arrondissement.", "À Marseille, dans le {o}.", "Le {o}.", "{pc}.",
    "Marseille, {pc}.",
    "{o} arrondissement.", "Euh, dans le {o}.",
)  # fmt: skip


def corpus(gazetteer: Gazetteer) -> tuple[Utterance, ...]:
    """All sentences of all voices, the same for the same base."""
    streets = _split_streets(gazetteer)
    sentences: list[Utterance] = []
    for speaker in SPEAKERS:
        draw = Random(f"{SEED}:{speaker.name}")
        pool = streets[speaker.split]
        for task, text, wanted, address in _said_by(draw, speaker, pool, gazetteer):
            seed = draw.randrange(2**31)
            sentences.append(Utterance(task, speaker.split, speaker.name, speaker.hard, text, wanted, seed, address))
    return tuple(sentences)


_Said = tuple[Task, str, str, StreetAddress | None]


def _said_by(draw: Random, speaker: Speaker, pool: Sequence[Street], gazetteer: Gazetteer) -> Iterator[_Said]:
    for street in draw.sample(list(pool), STREETS_A_VOICE[speaker.split]):
        address = _house(draw, street, gazetteer)
        yield Task.ADDRESS, _sentence(draw, address), address.line, address
    for _ in range(NO_ADDRESS_A_VOICE):
        yield Task.NO_ADDRESS, _no_address(draw), "", None
    for _ in range(OTHERS_A_VOICE):
        number = draw.choice((draw.randint(1, 99), draw.randint(1, 99), draw.randint(100, 399)))
        bis = draw.choice((None, None, None, None, "bis"))
        yield Task.NUMBER, _capital(draw.choice(_NUMBERS).format(_number(number, bis))), _line(number, bis), None
    for commune in _communes(draw, gazetteer.communes):
        yield Task.COMMUNE, _commune(draw, commune), commune.insee, None
    for task, ways in ((Task.PHONE_PAIRS, _by_pairs), (Task.PHONE_DIGITS, _by_digits)):
        for _ in range(PHONES_A_VOICE):
            phone = f"0{draw.choice((6, 7))}{draw.randrange(10_000_000, 70_000_000)}"
            yield task, ways(phone), phone, None
    for surname in draw.sample(BENCH_SURNAMES[speaker.split], OTHERS_A_VOICE // 2):
        yield Task.NAME_SPOKEN, f"{surname}.", surname, None
        yield Task.NAME_SPELLED, _capital(spelled(draw, surname)), surname, None
        yield Task.NAME_BOTH, f"{surname}, {spelled(draw, surname)}", surname, None


def _split_streets(gazetteer: Gazetteer) -> dict[Split, list[Street]]:
    """Marseille's streets with house numbers, by name into two halves."""
    streets = [one for one in gazetteer.index.streets if one.insee in ARRONDISSEMENTS and one.numbers]
    names = sorted({fold(one.name) for one in streets})
    Random(SEED).shuffle(names)
    dev = frozenset(names[: len(names) // 2])
    return {
        Split.DEV: [one for one in streets if fold(one.name) in dev],
        Split.TEST: [one for one in streets if fold(one.name) not in dev],
    }


def _house(draw: Random, street: Street, gazetteer: Gazetteer) -> StreetAddress:
    """A house that exists; one in eight callers says the street only."""
    house = draw.choice(gazetteer.numbers(street))
    commune = gazetteer.communes.get(street.insee)
    number, repetition = (None, None) if draw.random() < 0.12 else (house.number, house.repetition or None)
    return StreetAddress(
        street.name, street.insee, commune.name if commune else "", street.postcode, number, repetition, house.point
    )


def _sentence(draw: Random, address: StreetAddress) -> str:
    patterns = _WITH_NUMBER if address.number else _WITHOUT_NUMBER
    arrondissement = int(address.insee[-2:])
    said = draw.choice(patterns).format(
        n=_number(address.number or 0, address.repetition),
        s=_spoken_street(address.street),
        a=ordinal(arrondissement),
        pc=_postcode(draw, arrondissement),
    )
    return _capital(said)


def _spoken_street(name: str) -> str:
    """Lower-case type, so that no voice spells it out."""
    return name[0].lower() + name[1:]


def _no_address(draw: Random) -> str:
    invented = f"{draw.choice(_INVENTED_FIRST).lower()} {draw.choice(_INVENTED_LAST)}"
    numbered = f"C'est au {number_words(draw.randint(1, 80))} {invented}."
    kinds = (
        (numbered,), (numbered,), (_capital(f"{invented}."),), _LANDMARKS, _UNKNOWING, _FAR_AWAY, _FOREIGN,
        tuple(f"{place}." for place in _PLACES),
    )  # fmt: skip
    return draw.choice(draw.choice(kinds))


def _number(number: int, repetition: str | None) -> str:
    return number_words(number) + (f" {repetition}" if repetition else "")


def _line(number: int, repetition: str | None) -> str:
    return f"{number} {repetition}" if repetition else str(number)


def _communes(draw: Random, known: Communes) -> list[Commune]:
    """As many arrondissements as communes: they are called as often."""
    all_of = sorted(known, key=lambda one: one.insee)
    districts = [one for one in all_of if one.insee in ARRONDISSEMENTS]
    towns = [one for one in all_of if one.insee not in ARRONDISSEMENTS and one.insee != "13055"]
    half = OTHERS_A_VOICE // 2
    return draw.sample(districts, half) + draw.sample(towns, half)


def _commune(draw: Random, commune: Commune) -> str:
    if commune.insee not in ARRONDISSEMENTS:
        return _capital(draw.choice(_COMMUNES).format(commune.name))
    number = int(commune.insee[-2:])
    text = draw.choice(_ARRONDISSEMENTS).format(o=ordinal(number), pc=_postcode(draw, number))
    return _capital(text)


def _postcode(draw: Random, arrondissement: int) -> str:
    """13006 as people say it."""
    last = number_words(arrondissement)
    if arrondissement < 10:
        return draw.choice((f"treize mille {last}", f"treize zéro zéro {last}"))
    return draw.choice((f"treize mille {last}", f"treize zéro {last}"))


def _by_pairs(phone: str) -> str:
    pairs = (phone[start : start + 2] for start in range(0, 10, 2))
    said = (f"zéro {number_words(int(each))}" if each[0] == "0" else number_words(int(each)) for each in pairs)
    return _capital(", ".join(said) + ".")


def _by_digits(phone: str) -> str:
    return _capital(", ".join(number_words(int(digit)) for digit in phone) + ".")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
