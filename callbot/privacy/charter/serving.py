"""Checks on the service: commitments 4, 9, 10, 11, 13 and 15 to 18."""

from __future__ import annotations

from datetime import date, timedelta

from callbot.privacy.charter.evidence import Kind
from callbot.privacy.charter.grounds import Grounds
from callbot.privacy.charter.measured import recent, rehearsed
from callbot.privacy.charter.talking import NO_DATABASE
from callbot.privacy.charter.verdicts import Check, Grounding, Proof, proof, unmeasured
from callbot.privacy.charter.words import decimal, listed, percent, several

WORST_GAP = 0.10
"""how far a group of callers may be behind the best one"""
BESIDE = 0.05
"""share of questions that may get the answer of another question instead of "je ne sais pas" """
SAMPLE = 30
"""bookings of a way from which its delay is compared"""
WORST_DELAY = 2.0
"""days by which one way of booking may be served later than another"""
TURN_BY_TURN = 0.05
"""share of calls that may go on with the telephone company's ears"""
SMALL = frozenset({"base", "tiny"})
A_YEAR = timedelta(days=366)
PERSONAL_PARTS = ("agent", "account", "taken_by", "login", "staff")


def no_refusal(grounds: Grounds) -> tuple[Proof, ...]:
    """4: the machine never refuses for good."""
    without = grounds.knowledge.refused_without_way
    told = "Chaque objet refusé ou douteux a une autre voie."
    if without:
        told = f"Objets refusés sans autre voie : {listed(without)}."
    ways = proof(Grounding.KNOWLEDGE, not without, told)
    names = ("refused_item*", "item_in_doubt", "why_an_item_is_refused")
    tried = rehearsed(grounds, "objets refusés ou douteux", names, needed=False)
    database = grounds.database
    if database is None:
        return (ways, unmeasured(Grounding.DATABASE, NO_DATABASE), tried)
    bad = (*database.foreign_statuses, *(name for name in database.missing_constraints if name == "status"))
    states = "Aucun rendez-vous dans un état « refusé », et la base n'en accepte pas."
    if bad:
        states = f"La base connaît des états de refus, ou ne les empêche plus : {listed(bad)}."
    return (ways, proof(Grounding.DATABASE, not bad, states), tried)


def written_down(grounds: Grounds) -> tuple[Proof, ...]:
    """9: it says only what is written somewhere."""
    known = grounds.knowledge
    told = f"{several(known.entries, 'entrée', 'entrées')}, chacune avec source, responsable et date"
    told += f" ; {known.samples} sont des exemples." if known.samples else "."
    if known.unsourced:
        told = f"Entrées sans source ou sans responsable : {listed(known.unsourced)}."
    sourced = proof(Grounding.KNOWLEDGE, not known.unsourced and known.entries > 0, told)
    kept = recent(grounds, Kind.QUESTIONS)
    tried = rehearsed(grounds, "questions sans réponse connue", ("nobody_knows*",), needed=kept is None)
    if kept is None:
        return (sourced, tried)
    asked, beside = int(kept.result["asked"]), int(kept.result["beside"])
    told = f"{several(asked, 'question mise de côté', 'questions mises de côté')} pour l'essai, réponses à côté : "
    told += f"{beside} ({percent(beside / asked) if asked else 'aucune question'})."
    return (sourced, proof(Grounding.BENCHMARK, asked > 0 and beside <= BESIDE * asked, told), tried)


def everybody(grounds: Grounds) -> tuple[Proof, ...]:
    """10: everybody is understood as well."""
    kept = recent(grounds, Kind.EQUITY)
    if kept is None:
        return (unmeasured(Grounding.BENCHMARK, "Pas de mesure récente des écarts entre groupes d'appelants."),)
    groups = {name: float(row["success"]) for name, row in kept.result["groups"].items()}
    if len(groups) < 2:
        return (unmeasured(Grounding.BENCHMARK, "Un seul groupe mesuré : rien à comparer."),)
    worst, best = min(groups, key=lambda name: groups[name]), max(groups, key=lambda name: groups[name])
    gap = groups[best] - groups[worst]
    told = (
        f"{len(groups)} groupes ; le moins bien compris ({worst}) est à {percent(groups[worst])}, le mieux ({best}) à "
    )
    told += f"{percent(groups[best])} : écart de {decimal(gap * 100)} points."
    return (proof(Grounding.BENCHMARK, gap <= WORST_GAP, told),)


def same_delay(grounds: Grounds) -> tuple[Proof, ...]:
    """11: the same price and the same delay."""
    price = rehearsed(grounds, "la question du prix", ("how_much",), needed=False)
    database = grounds.database
    if database is None:
        return (unmeasured(Grounding.DATABASE, NO_DATABASE), price)
    ways = {way: lead for way, lead in database.lead_times.items() if lead.bookings >= SAMPLE}
    if len(ways) < 2:
        told = f"Moins de {SAMPLE} rendez-vous par façon de réserver : pas encore de délais à comparer."
        return (unmeasured(Grounding.DATABASE, told), price)
    means = sorted((lead.mean_days, way) for way, lead in ways.items())
    gap = means[-1][0] - means[0][0]
    parts = ", ".join(f"{_WAYS.get(way, way)} {decimal(days)} jours" for days, way in means)
    return (proof(Grounding.DATABASE, gap <= WORST_DELAY, f"Délai moyen : {parts}."), price)


_WAYS = {"bot": "par l'assistant", "agent": "par un conseiller", "resident": "en ligne"}


def explained(grounds: Grounds) -> tuple[Proof, ...]:
    """13: how it works is explained."""
    register, known = grounds.register, grounds.knowledge
    told = "La page du registre a toutes ses rubriques."
    if register.empty:
        told = f"Rubriques vides au registre : {listed(register.empty)}."
    page = proof(Grounding.CODE, not register.empty, told)
    same = bool(register.shown_checksum) and register.shown_checksum == register.running_checksum
    match = "L'empreinte affichée est celle des réglages en service." if same else (
        "L'empreinte affichée n'est pas celle des réglages en service."
    )  # fmt: skip
    why = "Chaque règle qui décide d'un rendez-vous se dit avec son nom, sa source et sa version."
    if known.unexplained:
        why = f"Règles qui ne s'expliquent pas : {listed(known.unexplained)}."
    return (
        page,
        proof(Grounding.CONFIGURATION, same, match),
        proof(Grounding.KNOWLEDGE, not known.unexplained, why),
    )


def sober(grounds: Grounds) -> tuple[Proof, ...]:
    """15: small means."""
    settings = grounds.configuration
    small = settings.model in SMALL and not settings.outside_ai
    told = f"Modèle d'écoute : {settings.model}, sur la machine du service."
    if settings.outside_ai:
        told += f" Services extérieurs : {listed(settings.outside_ai)}."
    parts = [proof(Grounding.CONFIGURATION, small, told), *_borrowed_ears(grounds)]
    kept = recent(grounds, Kind.SOBRIETY)
    if kept is None:
        return (*parts, unmeasured(Grounding.BENCHMARK, "Pas de mesure récente de l'énergie par appel."))
    used, budget = float(kept.result["cpu_s"]), float(kept.result["budget_cpu_s"])
    spent = f"Calcul par appel : {decimal(used)} secondes de processeur, budget {decimal(budget)}."
    return (*parts, proof(Grounding.BENCHMARK, used <= budget, spent))


def _borrowed_ears(grounds: Grounds) -> tuple[Proof, ...]:
    database = grounds.database
    if not grounds.configuration.carrier_hears_when_broken or database is None or database.calls == 0:
        return ()
    share = database.turn_by_turn / database.calls
    told = f"Appels continués avec l'écoute de l'opérateur après une panne : {percent(share)}."
    return (proof(Grounding.DATABASE, share <= TURN_BY_TURN, told),)


def told_and_stopped(grounds: Grounds) -> tuple[Proof, ...]:
    """16: results are told, and it can be stopped."""
    database = grounds.database
    if database is None:
        return (unmeasured(Grounding.DATABASE, NO_DATABASE),)
    last = database.last_exercise
    if last is None:
        exercise = unmeasured(Grounding.DATABASE, "Aucun exercice d'arrêt noté pour l'instant.")
    else:
        kept = grounds.now - last <= A_YEAR
        exercise = proof(Grounding.DATABASE, kept, f"Dernier exercice d'arrêt : {last:%d/%m/%Y}.")
    return (_published(grounds.now.date(), database.first_day, database.signed_month), exercise)


def _published(today: date, first: date | None, signed: str) -> Proof:
    if first is None or first > _month_before(_month_before(today)):
        return unmeasured(Grounding.DATABASE, "Moins de deux mois de service : aucun mois à publier encore.")
    due = f"{_month_before(_month_before(today)):%Y-%m}"
    told = f"Dernier mois publié : {signed or 'aucun'} ; attendu au plus tard : {due}."
    return proof(Grounding.DATABASE, signed >= due, told)


def _month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def for_agents(grounds: Grounds) -> tuple[Proof, ...]:
    """17: no figure about an agent."""
    personal = [part for part in grounds.code.figure_parts if any(word in part for word in PERSONAL_PARTS)]
    told = f"Aucun des {len(grounds.code.figure_parts)} découpages des chiffres ne désigne un agent."
    if personal:
        told = f"Des chiffres désignent un agent : {listed(personal)}."
    return (proof(Grounding.CODE, not personal and bool(grounds.code.figure_parts), told),)


def citizens(grounds: Grounds) -> tuple[Proof, ...]:
    """18: citizens look at it once a year."""
    kept = grounds.evidence.get(Kind.CITIZENS)
    today = grounds.now.date()
    if kept is not None:
        held = date.fromisoformat(str(kept.result["held_on"]))
        remarks, answered = int(kept.result["remarks"]), int(kept.result["answered"])
        told = f"Dernière revue citoyenne : {held:%d/%m/%Y}, {several(remarks, 'remarque', 'remarques')}, "
        told += f"{several(answered, 'réponse publiée', 'réponses publiées')}."
        return (proof(Grounding.CONFIGURATION, today - held <= A_YEAR and answered >= remarks, told),)
    first = grounds.database.first_day if grounds.database else None
    if first is None or today - first <= A_YEAR:
        return (unmeasured(Grounding.DATABASE, "Moins d'un an de service : aucune revue citoyenne encore."),)
    return (proof(Grounding.DATABASE, kept=False, told=f"En service depuis le {first:%d/%m/%Y}, et aucune revue."),)


CHECKS = (
    Check(4, "L'autre voie de chaque objet ; les états que la base admet pour un rendez-vous ; des refus d'essai.",
          (Grounding.KNOWLEDGE, Grounding.DATABASE, Grounding.REHEARSALS), "aucun refus sans autre voie", no_refusal),
    Check(9, "La source et le responsable de chaque entrée ; des questions jamais vues.",
          (Grounding.KNOWLEDGE, Grounding.REHEARSALS, Grounding.BENCHMARK),
          "une source partout, au plus 5 réponses à côté sur 100", written_down),
    Check(10, "La réussite d'un jeu fixe d'appels par groupe : voix, âge, accent, bruit, ligne.",
          (Grounding.BENCHMARK,), f"écart d'au plus {WORST_GAP * 100:.0f} points entre deux groupes", everybody),
    Check(11, "Le délai moyen obtenu selon la façon de réserver.", (Grounding.DATABASE, Grounding.REHEARSALS),
          f"écart d'au plus {WORST_DELAY:.0f} jours", same_delay),
    Check(13, "Les rubriques du registre public, son empreinte, et l'explication de chaque règle.",
          (Grounding.CODE, Grounding.CONFIGURATION, Grounding.KNOWLEDGE), "rien de vide, mêmes réglages", explained),
    Check(15, "Le modèle en service, les services extérieurs, le calcul dépensé par appel.",
          (Grounding.CONFIGURATION, Grounding.DATABASE, Grounding.BENCHMARK),
          "le plus petit modèle, rien d'extérieur, le budget tenu", sober),
    Check(16, "Le dernier mois publié et le dernier exercice d'arrêt.", (Grounding.DATABASE,),
          "un mois publié dans les deux mois, un exercice par an", told_and_stopped),
    Check(17, "Ce par quoi les chiffres sont découpés, et ce qu'ils gardent d'un appel.", (Grounding.CODE,),
          "aucun chiffre sur un agent", for_agents),
    Check(18, "La date de la dernière revue citoyenne et les réponses faites.",
          (Grounding.CONFIGURATION, Grounding.DATABASE), "une revue par an, une réponse à chaque remarque", citizens),
)  # fmt: skip
