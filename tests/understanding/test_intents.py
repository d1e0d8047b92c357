"""Intents, and asking for a person."""

from __future__ import annotations

from datetime import date

import pytest

from callbot.domain.data_rights import DataRight
from callbot.domain.meaning import Expectation, Intent, Language
from callbot.understanding import Understander
from callbot.understanding.intents import find_intent, wants_human
from callbot.understanding.languages import spoken_language
from callbot.understanding.sentence import clean, words_of


def line(text: str) -> str:
    return " ".join(word.folded for word in words_of(clean(text)))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("je voudrais faire enlever des encombrants", Intent.BOOK),
        ("pouvez-vous venir chercher un canapé ?", Intent.BOOK),
        ("est-ce que vous pouvez débarrasser une armoire ?", Intent.BOOK),
        ("je voudrais un rendez-vous", Intent.BOOK),
        ("c'est pour des encombrants", Intent.BOOK),
        ("j'ai un truc à jeter", Intent.BOOK),
        ("prendre rendez-vous", Intent.BOOK),
        ("où en est mon enlèvement ?", Intent.STATUS),
        ("je voudrais le suivi de ma demande", Intent.STATUS),
        ("quand est-ce que vous passez ?", Intent.STATUS),
        ("j'ai déjà un rendez-vous", Intent.STATUS),
        ("c'est bien prévu demain ?", Intent.STATUS),
        ("il n'est pas passé", Intent.MISSED),
        ("ils sont pas passés ce matin", Intent.MISSED),
        ("personne n'est venu", Intent.MISSED),
        ("le canapé n'a pas été ramassé", Intent.MISSED),
        ("vous avez oublié mon matelas", Intent.MISSED),
        ("mon frigo est toujours sur le trottoir", Intent.MISSED),
        ("je voudrais changer la date", Intent.AMEND),
        ("modifier mon rendez-vous", Intent.AMEND),
        ("je voudrais décaler mon enlèvement", Intent.AMEND),
        ("ajouter une chaise à ma demande", Intent.AMEND),
        ("annuler mon rendez-vous", Intent.CANCEL),
        ("je ne veux plus de rendez-vous", Intent.CANCEL),
        ("est-ce que vous prenez les pneus ?", Intent.QUESTION),
        ("combien ça coûte ?", Intent.QUESTION),
        ("c'est payant ?", Intent.QUESTION),
        ("quels objets vous prenez", Intent.QUESTION),
        ("où est la déchèterie ?", Intent.QUESTION),
        ("à quelle heure il faut sortir les objets", Intent.QUESTION),
        ("il y a une fuite de gaz", Intent.EMERGENCY),
        ("ça sent le gaz", Intent.EMERGENCY),
        ("il y a le feu", Intent.EMERGENCY),
        ("un incendie", Intent.EMERGENCY),
        ("quelqu'un est blessé", Intent.EMERGENCY),
        ("répétez s'il vous plaît", Intent.REPEAT),
        ("vous pouvez répéter ?", Intent.REPEAT),
        ("pardon ?", Intent.REPEAT),
        ("comment ?", Intent.REPEAT),
        ("j'ai pas compris", Intent.REPEAT),
        ("je n'ai pas bien entendu", Intent.REPEAT),
        ("plus fort", Intent.NOT_HEARING),
        ("attendez", Intent.WAIT),
        ("un instant", Intent.WAIT),
        ("une seconde", Intent.WAIT),
        ("deux minutes", Intent.WAIT),
        ("ne quittez pas", Intent.WAIT),
        ("je vais chercher mes lunettes", Intent.WAIT),
        ("revenons en arrière", Intent.BACK),
        ("on peut recommencer", Intent.BACK),
        ("au revoir", Intent.GOODBYE),
        ("merci bonne journée", Intent.GOODBYE),
        ("", Intent.UNKNOWN),
        ("rue de Rome", Intent.UNKNOWN),
        ("une bouteille de gaz", Intent.UNKNOWN),
        ("au feu rouge", Intent.UNKNOWN),
        ("pourquoi pas", Intent.UNKNOWN),
    ],
)
def test_intents(text: str, intent: Intent) -> None:
    assert find_intent(line(text), has_slots=False, has_items=False) is intent


def test_items_alone_are_a_booking() -> None:
    assert find_intent(line("deux matelas"), has_slots=True, has_items=True) is Intent.BOOK


@pytest.mark.parametrize("text", ["attendez", "au revoir", "pardon"])
def test_courtesies_yield_to_a_slot(text: str) -> None:
    assert find_intent(line(text), has_slots=True, has_items=False) is Intent.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "je voudrais parler à un conseiller", "un conseiller", "conseillère s'il vous plaît", "un humain",
        "un conseillé", "à conseiller s'il vous plaît", "en conseiller si vous plaît", "je voudrais vous conseiller",
        "je veux parler à quelqu'un", "passez-moi quelqu'un", "quelqu'un s'il vous plaît", "une vraie personne",
        "parler à un agent", "un opérateur", "je préfère avoir quelqu'un", "je ne veux pas parler à un robot",
        "je peux avoir une personne ?", "un être humain", "mettez-moi en relation avec un conseiller",
    ],
)  # fmt: skip
def test_a_person_is_asked_for(text: str) -> None:
    assert wants_human(line(text))


@pytest.mark.parametrize(
    "text",
    [
        "", "oui", "personne n'est venu", "il y a quelqu'un chez moi", "je suis une personne âgée", "pour ma personne",
        "non pas besoin d'un conseiller", "les agents sont pas passés", "mon conseiller", "quelqu'un sera là",
        "un agent immobilier", "vous pouvez me conseiller", "vous conseillez",
        "une machine à laver", "pas la machine à laver",
    ],
)  # fmt: skip
def test_no_person_is_asked_for(text: str) -> None:
    assert not wants_human(line(text))


SPOKEN = [
    ("quelqu'un a jeté un matelas devant chez moi", Intent.FLY_TIP),
    ("il y a un tas d'ordures au coin de la rue", Intent.FLY_TIP),
    ("je voudrais signaler un dépôt sauvage", Intent.FLY_TIP),
    ("y a des gens qui ont balancé un frigo et des sacs au coin de ma rue c'est dégoûtant", Intent.FLY_TIP),
    ("le trottoir est plein de saletés des gens ont tout jeté là c'est une honte", Intent.FLY_TIP),
    ("je vous appelle pour signaler des encombrants abandonnés en bas de mon immeuble", Intent.FLY_TIP),
    ("il y a un canapé abandonné sur le trottoir depuis une semaine", Intent.FLY_TIP),
    ("mon voisin a déposé tous ses meubles dans la rue", Intent.FLY_TIP),
    ("je suis handicapé, je ne peux pas descendre le frigo", Intent.ASSISTED),
    ("ma mère a 85 ans, pouvez-vous monter le chercher", Intent.ASSISTED),
    ("je ne peux pas porter l'armoire toute seule", Intent.ASSISTED),
    ("j'ai quatre-vingts ans je ne peux rien porter", Intent.ASSISTED),
    ("je n'arrive pas à descendre le canapé", Intent.ASSISTED),
    ("mon mari est malade il faudrait nous aider à sortir le lit", Intent.ASSISTED),
    ("je suis en fauteuil roulant", Intent.ASSISTED),
    ("je suis syndic", Intent.PROFESSIONAL),
    ("c'est pour mon commerce", Intent.PROFESSIONAL),
    ("je suis une entreprise", Intent.PROFESSIONAL),
    ("je suis gardien d'immeuble", Intent.PROFESSIONAL),
    ("j'ai un restaurant et des frigos à jeter", Intent.PROFESSIONAL),
    ("bonjour je vous appelle du syndic de l'immeuble", Intent.PROFESSIONAL),
    ("nous sommes bailleur social", Intent.PROFESSIONAL),
    ("je veux faire une réclamation", Intent.COMPLAINT),
    ("c'est inadmissible votre service", Intent.COMPLAINT),
    ("je suis pas content du tout", Intent.COMPLAINT),
    ("je veux me plaindre", Intent.COMPLAINT),
    ("vous vous moquez du monde", Intent.COMPLAINT),
    ("je voudrais refaire ma carte d'identité", Intent.OTHER_SERVICE),
    ("c'est pour une carte grise", Intent.OTHER_SERVICE),
    ("ma poubelle est cassée", Intent.OTHER_SERVICE),
    ("l'eau est coupée depuis ce matin", Intent.OTHER_SERVICE),
    ("je veux inscrire mon fils à la cantine", Intent.OTHER_SERVICE),
    ("c'est pour payer mes impôts", Intent.OTHER_SERVICE),
    ("j'ai une coupure d'électricité", Intent.OTHER_SERVICE),
    ("j'ai besoin d'un acte de naissance", Intent.OTHER_SERVICE),
    ("il me faudrait un nouveau bac jaune", Intent.OTHER_SERVICE),
    ("do you speak English", Intent.LANGUAGE),
    ("hablas español", Intent.LANGUAGE),
    ("parla italiano", Intent.LANGUAGE),
    ("sprechen Sie Deutsch", Intent.LANGUAGE),
    ("I don't speak French", Intent.LANGUAGE),
    ("parlez-vous arabe", Intent.LANGUAGE),
    ("je ne parle pas bien français", Intent.LANGUAGE),
    ("je parle pas français", Intent.LANGUAGE),
    ("douillou spique english", Intent.LANGUAGE),
    ("hello can I speak English with you", Intent.LANGUAGE),
    ("hello I want to throw away a fridge and a mattress", Intent.LANGUAGE),
    ("buenos días quiero tirar una nevera y un colchón", Intent.LANGUAGE),
    ("buongiorno vorrei buttare un frigorifero", Intent.LANGUAGE),
    ("guten Tag ich habe eine alte Waschmaschine", Intent.LANGUAGE),
    ("est-ce que quelqu'un parle anglais", Intent.LANGUAGE),
    ("en anglais s'il vous plaît", Intent.LANGUAGE),
    ("ablas espagnol", Intent.LANGUAGE),
    ("effacez mes données", Intent.DATA_RIGHTS),
    ("qu'est-ce que vous gardez sur moi", Intent.DATA_RIGHTS),
    ("supprimez mon numéro", Intent.DATA_RIGHTS),
    ("je veux que mon numéro de téléphone soit supprimé", Intent.DATA_RIGHTS),
    ("j'ai le droit de voir mes données", Intent.DATA_RIGHTS),
    ("je voudrais que vous effaciez toutes les informations que vous avez sur moi", Intent.DATA_RIGHTS),
    ("il y a une odeur de gaz", Intent.EMERGENCY),
    ("ça sent le gaz dans l'escalier", Intent.EMERGENCY),
    ("il y a le feu dans la cage d'escalier", Intent.EMERGENCY),
    ("il y a un blessé", Intent.EMERGENCY),
    ("un produit chimique s'est renversé", Intent.EMERGENCY),
    ("une plaque d'amiante cassée, il y a de la poussière", Intent.EMERGENCY),
    ("on respire de l'amiante", Intent.EMERGENCY),
    ("il y a de la fumée et des flammes dans les poubelles en bas", Intent.EMERGENCY),
    ("connard", Intent.INSULT),
    ("vous êtes nuls", Intent.INSULT),
    ("va te faire foutre", Intent.INSULT),
    ("espèce d'abruti", Intent.INSULT),
    ("tu es vraiment trop con", Intent.INSULT),
    ("vous me faites chier", Intent.INSULT),
    ("robot de merde", Intent.INSULT),
    ("tu es mariée ?", Intent.JOKE),
    ("raconte-moi une blague", Intent.JOKE),
    ("quel temps fait-il", Intent.JOKE),
    ("vous avez quel âge", Intent.JOKE),
    ("tu m'aimes", Intent.JOKE),
    ("plus lentement", Intent.SLOWER),
    ("moins vite s'il vous plaît", Intent.SLOWER),
    ("parlez doucement", Intent.SLOWER),
    ("vous parlez trop vite", Intent.SLOWER),
    ("je n'entends pas", Intent.NOT_HEARING),
    ("parlez plus fort", Intent.NOT_HEARING),
    ("allô vous m'entendez", Intent.NOT_HEARING),
    ("ça coupe", Intent.NOT_HEARING),
    ("j'entends rien du tout", Intent.NOT_HEARING),
    ("allô allô", Intent.NOT_HEARING),
    ("j'ai pas entendu", Intent.REPEAT),
    ("où en est ma demande", Intent.STATUS),
    ("je voulais savoir où ça en est mon enlèvement", Intent.STATUS),
    ("c'est quand mon rendez-vous", Intent.STATUS),
    ("j'ai un rendez-vous prévu lundi je voulais vérifier", Intent.STATUS),
    ("le camion n'est pas venu", Intent.MISSED),
    ("vous êtes pas passés ce matin", Intent.MISSED),
    ("personne n'est passé", Intent.MISSED),
    ("mes encombrants sont encore dehors", Intent.MISSED),
    ("ils ont oublié mon frigo", Intent.MISSED),
    ("ça fait trois jours que j'attends et rien n'a été ramassé", Intent.MISSED),
    ("je voudrais changer la date de mon rendez-vous", Intent.AMEND),
    ("je voudrais rajouter un fauteuil à ma demande", Intent.AMEND),
    ("est-ce qu'on pourrait décaler à la semaine d'après", Intent.AMEND),
    ("je voudrais annuler", Intent.CANCEL),
    ("finalement je ne veux plus que vous passiez", Intent.CANCEL),
    ("j'ai plus besoin du ramassage", Intent.CANCEL),
    ("je me suis trompé", Intent.BACK),
    ("on peut revenir à la question d'avant", Intent.BACK),
    ("attendez je regarde", Intent.WAIT),
    ("est-ce que vous prenez les gravats ?", Intent.QUESTION),
    ("c'est gratuit ?", Intent.QUESTION),
    ("où je pose les meubles", Intent.QUESTION),
]
"""what callers say for each reason to call"""

NOT_MEANT = [
    ("je veux jeter un matelas", Intent.FLY_TIP),
    ("quelle amende pour un dépôt sauvage", Intent.FLY_TIP),
    ("j'ai un matelas à jeter devant chez moi", Intent.FLY_TIP),
    ("est-ce que je peux laisser mon canapé sur le trottoir", Intent.FLY_TIP),
    ("j'ai laissé mes encombrants devant la porte", Intent.FLY_TIP),
    ("j'ai un fauteuil roulant à jeter", Intent.ASSISTED),
    ("je ne peux pas jeudi", Intent.ASSISTED),
    ("je ne peux pas les sortir avant vingt heures", Intent.ASSISTED),
    ("vous montez dans l'appartement ?", Intent.ASSISTED),
    ("est-ce qu'il faut descendre les meubles sur le trottoir", Intent.ASSISTED),
    ("rue du Commerce", Intent.PROFESSIONAL),
    ("c'est en face de la boulangerie", Intent.PROFESSIONAL),
    ("j'habite à côté d'un restaurant", Intent.PROFESSIONAL),
    ("non je suis un particulier", Intent.PROFESSIONAL),
    ("est-ce que les professionnels y ont droit", Intent.PROFESSIONAL),
    ("je suis content merci", Intent.COMPLAINT),
    ("j'ai un frigo en panne", Intent.OTHER_SERVICE),
    ("une bibliothèque et un chauffe-eau électrique", Intent.OTHER_SERVICE),
    ("un radiateur électrique", Intent.OTHER_SERVICE),
    ("j'habite en face de la crèche", Intent.OTHER_SERVICE),
    ("à côté des impôts", Intent.OTHER_SERVICE),
    ("un bac à fleurs et une piscine gonflable", Intent.OTHER_SERVICE),
    ("à la déchèterie il faut montrer une carte d'identité", Intent.OTHER_SERVICE),
    ("la rue de l'Anglais", Intent.LANGUAGE),
    ("avenue d'Italie", Intent.LANGUAGE),
    ("j'habite rue d'Espagne", Intent.LANGUAGE),
    ("un fauteuil anglais", Intent.LANGUAGE),
    ("ok c'est bon", Intent.LANGUAGE),
    ("parlez moins vite", Intent.LANGUAGE),
    ("je ne comprends pas", Intent.LANGUAGE),
    ("hello", Intent.LANGUAGE),
    ("un sofa et une table", Intent.LANGUAGE),
    ("supprimez mon rendez-vous", Intent.DATA_RIGHTS),
    ("mon numéro a changé", Intent.DATA_RIGHTS),
    ("vous gardez les meubles", Intent.DATA_RIGHTS),
    ("je veux jeter de l'amiante", Intent.EMERGENCY),
    ("rue de la Fuite", Intent.EMERGENCY),
    ("boulevard du Feu", Intent.EMERGENCY),
    ("une gazinière et une bouteille de gaz", Intent.EMERGENCY),
    ("suite à un incendie j'ai des meubles à jeter", Intent.EMERGENCY),
    ("un canapé brûlé", Intent.EMERGENCY),
    ("une porte coupe-feu", Intent.EMERGENCY),
    ("c'est pas grave", Intent.INSULT),
    ("c'est nul part", Intent.INSULT),
    ("putain j'ai oublié", Intent.INSULT),
    ("je suis nul en informatique", Intent.INSULT),
    ("mince", Intent.INSULT),
    ("une table en forme de belle", Intent.JOKE),
    ("une tondeuse qui coupe plus", Intent.NOT_HEARING),
    ("j'ai pas entendu", Intent.NOT_HEARING),
    ("j'ai oublié le numéro", Intent.MISSED),
    ("je me suis trompé, c'est deux matelas", Intent.BACK),
    ("il faut revenir lundi", Intent.BACK),
    ("deux fauteuils et une table", Intent.LANGUAGE),
    ("j'ai un chien", Intent.LANGUAGE),
    ("le feu est rouge au carrefour", Intent.EMERGENCY),
    ("vous n'êtes pas nuls", Intent.INSULT),
    ("je ne suis pas passé commande", Intent.MISSED),
    ("j'ai reçu un retour", Intent.BACK),
    ("si je suis absente quand vous passez", Intent.STATUS),
    ("j'ai supprimé le message avec le numéro de dossier", Intent.DATA_RIGHTS),
    ("ma mère a une belle porte", Intent.ASSISTED),
    ("ça fait une heure que j'attends", Intent.WAIT),
]
"""words that look like a reason to call, and are none"""


@pytest.mark.parametrize(("text", "intent"), SPOKEN)
def test_reasons_to_call_in_spoken_words(text: str, intent: Intent, understander: Understander, today: date) -> None:
    assert understander.understand(text, Expectation.ANY, today=today).intent is intent


@pytest.mark.parametrize(("text", "intent"), NOT_MEANT)
def test_what_only_looks_like_a_reason_to_call_is_none(
    text: str, intent: Intent, understander: Understander, today: date
) -> None:
    assert understander.understand(text, Expectation.ANY, today=today).intent is not intent


@pytest.mark.parametrize(
    "text", ["rue de la Fuite", "boulevard du Feu", "avenue d'Italie", "la rue de l'Anglais", "place des Espagnols",
             "12 rue du Commerce", "chemin de la Réclamation", "impasse de l'Urgence"],
)  # fmt: skip
@pytest.mark.parametrize("expect", [Expectation.ANY, Expectation.ADDRESS])
def test_no_street_is_a_reason_to_call(text: str, expect: Expectation, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, expect, today=today)
    assert meaning.intent is Intent.UNKNOWN
    assert expect is Expectation.ANY or meaning.address is not None


@pytest.mark.parametrize("text", ["non j'ai pas compris", "non je n'entends rien", "non, moins vite"])
def test_a_no_beside_not_hearing_answers_nothing(text: str, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, Expectation.YES_NO, today=today)
    assert meaning.yes_no is None
    assert meaning.intent in (Intent.REPEAT, Intent.NOT_HEARING, Intent.SLOWER)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("do you speak English", Language.ENGLISH), ("I don't speak French", Language.ENGLISH),
        ("douillou spique english", Language.ENGLISH), ("parlez-vous anglais ?", Language.ENGLISH),
        ("hello I want to throw away a fridge and a mattress", Language.ENGLISH), ("hablas español", Language.SPANISH),
        ("buenos días quiero tirar una nevera y un colchón", Language.SPANISH), ("parla italiano", Language.ITALIAN),
        ("buongiorno vorrei buttare un frigorifero", Language.ITALIAN), ("sprechen Sie Deutsch", Language.GERMAN),
        ("guten Tag ich habe eine alte Waschmaschine", Language.GERMAN), ("parlez-vous arabe", Language.OTHER),
        ("je ne parle pas bien français", Language.OTHER),
    ],
)  # fmt: skip
def test_the_language_spoken_or_asked_for(
    text: str, language: Language, understander: Understander, today: date
) -> None:
    meaning = understander.understand(text, Expectation.ANY, today=today)
    assert (meaning.intent, meaning.language) == (Intent.LANGUAGE, language)


@pytest.mark.parametrize("text", ["", "oui", "deux matelas", "un sofa et une table", "ok", "hello", "yes", "no"])
def test_french_and_single_words_are_no_other_language(text: str) -> None:
    assert spoken_language(line(text)) is None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("je veux savoir ce que vous avez sur moi", DataRight.ACCESS),
        ("je demande une copie de mes données", DataRight.ACCESS),
        ("quelles données avez-vous sur moi ?", DataRight.ACCESS),
        ("j'ai un droit d'accès à mes données", DataRight.ACCESS),
        ("effacez mes données", DataRight.ERASURE),
        ("je voudrais que vous supprimiez mon numéro", DataRight.ERASURE),
        ("je m'oppose", DataRight.OBJECTION),
        ("je m'oppose à ce que vous utilisiez mes données", DataRight.OBJECTION),
        ("j'exerce mon droit d'opposition", DataRight.OBJECTION),
        ("rectifiez mes données", DataRight.RECTIFICATION),
        ("corrigez mes coordonnées", DataRight.RECTIFICATION),
        ("mes données sont fausses", DataRight.RECTIFICATION),
        ("n'utilisez plus mes données", DataRight.LIMITATION),
        ("je voudrais limiter l'utilisation de mes données", DataRight.LIMITATION),
        ("c'est pour le rgpd", None),
    ],
)
def test_a_right_is_told_from_the_others(
    text: str, right: DataRight | None, understander: Understander, today: date
) -> None:
    meaning = understander.understand(text, Expectation.ANY, today=today)
    assert (meaning.intent, meaning.data_right) == (Intent.DATA_RIGHTS, right)


@pytest.mark.parametrize(
    "text",
    [
        "je voudrais modifier mon adresse", "corrigez l'adresse", "supprimez mon rendez-vous",
        "limitez-vous aux meubles", "je m'oppose à la date proposée", "rectifiez le numéro de la rue",
        "vous pouvez bloquer la rue", "donnez-moi le premier", "je suspends mon abonnement", "le canapé est faux cuir",
    ],
)  # fmt: skip
def test_what_only_sounds_alike_is_no_request_about_data(text: str, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, Expectation.ANY, today=today)
    assert meaning.intent is not Intent.DATA_RIGHTS
    assert meaning.data_right is None
