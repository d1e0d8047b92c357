"""One typed settings tree; the only reader of the environment (``CALLBOT_``, ``__`` between levels, or ``.env``)."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_ZONE = ZoneInfo("Europe/Paris")
READABLE = 4.5
"""contrast text needs (WCAG 1.4.3)"""


class EngineName(StrEnum):
    FASTER_WHISPER = "faster-whisper"
    OPENAI_WHISPER = "openai-whisper"
    REMOTE = "remote"
    """speech workers (``callbot ears serve``)"""


class Device(StrEnum):
    CPU = "cpu"
    CUDA = "cuda"
    """a GPU by Nvidia; its libraries are the host's"""


class VoiceName(StrEnum):
    AUTO = "auto"
    """natural where its files and phrases are there, light elsewhere"""
    LIGHT = "light"
    NATURAL = "natural"


class GeocoderName(StrEnum):
    LOCAL = "local"
    BAN = "ban"
    ADDOK = "addok"


class Server(BaseModel):
    """Where ``callbot serve`` listens."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str = ""
    """https address Twilio calls us at; signatures are computed over it. Empty: loopback only"""
    trusted_proxies: str = "127.0.0.1"
    """addresses of the proxies before the service, with commas between: they tell whose request it is"""


class Twilio(BaseModel):
    """The phone line. Without an account (loopback only) SMS go to the database and the console."""

    account_sid: str = ""
    auth_token: SecretStr = SecretStr("")
    signing_key: SecretStr = SecretStr("")
    """key of the SHA-256 signature where the account uses one; empty: the auth token"""
    sender: str = ""
    """number or messaging service the SMS come from"""
    api_url: str = "https://api.twilio.com"
    agents_number: str = "+33800949408"
    """where a call goes that needs a person"""
    agents_queue: str = ""
    """name of the queue callers wait in for agents; empty: the agents' number is dialled"""
    agent_sip_domains: str = ""
    """SIP domains whose addresses agents may give as their telephone, with commas between; empty: numbers only"""
    listening: bool = False
    """supervisors may listen to calls put through from the queue (by conference); callers and agents are told so"""
    speech: bool = True
    """where a call goes on turn by turn, Twilio recognises the words; false: keys only"""
    voice: str = ""
    """Twilio's voice for those turns; empty: its default for French"""
    answers_stop: bool = True
    """Twilio answers STOP and START by itself; false where it was told not to: then we do. Words that it does not know,
    like ARRET, are always answered by us"""

    @property
    def configured(self) -> bool:
        return bool(self.account_sid and self.auth_token.get_secret_value())

    @property
    def can_ring(self) -> bool:
        """False for a messaging service: it has no number to ring from. Without an account calls are shown."""
        return not self.configured or self.sender.startswith("+")

    @property
    def sip_domains(self) -> frozenset[str]:
        """Where agents' SIP addresses may be, in small letters."""
        return frozenset(name.strip().lower() for name in self.agent_sip_domains.split(",") if name.strip())


class Email(BaseModel):
    """The mail server. Without a host no e-mail leaves; what was asked for waits in the outbox."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "encombrants@example.org"
    """address the mails come from"""
    starttls: bool = True


class Worker(BaseModel):
    """A speech worker: where it listens, and how services reach it."""

    host: str = "127.0.0.1"
    """anything but loopback needs a token and TLS"""
    port: int = Field(50061, ge=0, le=65535)
    token: SecretStr = SecretStr("")
    """shared by workers and services"""
    certificate: Path | None = None
    """PEM chain a worker shows"""
    key: Path | None = None
    authority: Path | None = None
    """PEM of the authority that services trust for workers; none: loopback only, without TLS"""
    most_at_once: int = Field(16, ge=1, le=256)
    """utterances read or in line on a worker; further ones are refused and asked of another"""
    deadline_s: float = Field(5.0, gt=0, le=20)
    """a service waits so long for one answer, a second try included"""


class Speech(BaseModel):
    """Ears and mouth."""

    engine: EngineName = EngineName.FASTER_WHISPER
    model: str = "base"
    """"base" (fetched by ``callbot models fetch``) or a folder with a CTranslate2 Whisper model"""
    threads: int = Field(2, ge=1)
    device: Device = Device.CPU
    """what faster-whisper runs on"""
    beam: int = Field(5, ge=1, le=10)
    voice: VoiceName = VoiceName.AUTO
    workers: str = ""
    """``host:port`` of the speech workers, with commas between, for the engine ``remote``"""
    worker: Worker = Worker()

    @property
    def worker_addresses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.strip() for each in self.workers.split(",") if each.strip()))


class Storage(BaseModel):
    url: str = ""
    """SQLAlchemy URL; empty: SQLite file in the data folder"""
    replica_url: str = Field("", repr=False)
    """a PostgreSQL that follows, some seconds behind: figures, search of the review, exports"""
    pool: int = Field(5, ge=1)
    pool_overflow: int = Field(10, ge=0)


class Gazetteer(BaseModel):
    geocoder: GeocoderName = GeocoderName.LOCAL
    addok_domain: str = "127.0.0.1:7878"
    ban_domain: str = "data.geopf.fr/geocodage"


class Privacy(BaseModel):
    """Keys, base64 of 32 bytes. Empty: the embedded set-up makes a key file in the data folder for its owner only."""

    key_file: Path | None = None
    """key file in another place than the data folder; made where there is none"""
    key_command: str = ""
    """command that prints what a key file holds: a vault or a key management service"""
    keys: dict[str, SecretStr] = Field(default_factory=dict)
    active_key: str = ""
    index_key: SecretStr = SecretStr("")


class Retention(BaseModel):
    """Days after which personal data is gone (``privacy.retention`` says what and from when); sound is never kept."""

    transcripts_days: int = Field(30, ge=1)
    masked_days: int = Field(365, ge=1)
    bookings_days: int = Field(365, ge=1)
    photos_days: int = Field(30, ge=1)
    messages_days: int = Field(90, ge=1)
    call_backs_days: int = Field(90, ge=1)
    notes_days: int = Field(30, ge=1)
    reports_days: int = Field(365, ge=1)
    journal_days: int = Field(365, ge=1)
    sign_ins_days: int = Field(1, ge=1)
    accounts_days: int = Field(365, ge=1)
    provider_days: int = Field(30, ge=1)
    data_requests_days: int = Field(5 * 365, ge=1)
    """proof that a request about data was answered, as long as a claim may come (code civil, art. 2224)"""

    @field_validator("masked_days")
    @classmethod
    def _after_the_transcript(cls, days: int, info: ValidationInfo) -> int:
        if days < info.data.get("transcripts_days", 0):
            raise ValueError("masked conversations cannot go before the conversations they are made from")
        return days


class Calls(BaseModel):
    """Limits of a call."""

    longest_s: float = 15 * 60
    """after this many seconds the call goes to a person"""
    silent_stream_s: float = 10
    """a socket that sends no frame for so long is broken"""
    hold_minutes: int = 10
    most_at_once: int = Field(0, ge=0)
    """calls this process hears at once, further ones go on turn by turn; 0: as many as its cores follow"""
    call_backs_per_window: int = Field(40, ge=1)
    """call-backs promised for the same two hours"""
    ask_name: bool = False
    """ask callers for a name, which they may keep to themselves; no booking needs one"""
    ask_satisfaction: bool = False
    """one question at the end of a call that was served: was it helpful? Off: no call gets longer by it"""


class Figures(BaseModel):
    """What the figures are compared with: the wait for a person as it was measured before the assistant."""

    baseline_wait_s: float | None = Field(None, gt=0)
    """mean wait for a person before, in seconds; empty: nothing is compared"""
    baseline_error_s: float = Field(0.0, ge=0)
    """standard error of that mean in seconds, 0 where it is not known"""
    baseline_end_to_end_s: float | None = Field(None, gt=0)
    """mean time from the call to a person before; empty: the same as the wait, nobody spoke to a machine then"""
    baseline_source: str = ""
    """where that is from and of when, shown beside every comparison"""


class Switch(BaseModel):
    """When new calls go to people by themselves. Each is off unless set; back is by a person (``callbot switch``)."""

    window_minutes: int = Field(10, ge=1, le=120)
    failures: int | None = Field(None, ge=1)
    """calls within the window in which a part failed"""
    technical: int | None = Field(None, ge=1)
    """calls within the window handed to people for technical reasons"""
    latency_s: float | None = Field(None, gt=0)
    """wait for an answer in seconds that one in ten passes, of twenty answers or more within the window"""


class Links(BaseModel):
    """The links residents get by SMS."""

    days_after: int = Field(30, ge=0)
    """days after the pickup on which the page of a booking still opens"""


class Outwards(BaseModel):
    """The métropole's own request system: what it may ask, and where it is told."""

    jurisdiction: str = "ampmetropole.fr"
    """jurisdiction_id of Open311"""
    api_keys: dict[str, SecretStr] = Field(default_factory=dict)
    """keys of Open311 by the name of the partner; empty: nobody reads or makes requests"""
    webhook_url: str = ""
    """https address told of every booking; empty: nobody is"""
    webhook_secret: SecretStr = SecretStr("")
    """base64 of 24 bytes or more, as Standard Webhooks writes it (whsec_...)"""


RoleName = Literal["agent", "supervisor", "administrator", "data_protection_officer", "read_only"]


class Access(BaseModel):
    """How staff sign in. Without an issuer only local accounts do."""

    idle_minutes: int = Field(30, ge=5, le=240)
    """a session in which no page is asked for ends after so long"""
    longest_hours: int = Field(10, ge=1, le=24)
    """a session ends after so long in any case"""
    second_factor_required: bool = True
    """local accounts whose role has power over people's data or the bot set up one-time codes before anything else"""
    oidc_issuer: str = ""
    """https address of the authority's OpenID Connect provider"""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_role_claim: str = "groups"
    """claim of the identity token that makes the role: a text or a list of texts"""
    oidc_roles: dict[str, RoleName] = Field(default_factory=dict)
    """role by value of that claim; who has none of these values does not come in"""

    @field_validator("oidc_issuer")
    @classmethod
    def _safely_reached(cls, issuer: str) -> str:
        if issuer and not re.match(r"https://|http://(?:127\.0\.0\.1|localhost)[:/]", issuer):
            raise ValueError("an https address is needed (http on loopback only)")
        return issuer


class Theme(BaseModel):
    """The face of the authority on the pages of staff."""

    name: str = "Métropole Aix-Marseille-Provence"
    colour: str = Field("#0b4a7d", pattern="^#[0-9a-f]{6}$")
    """main colour, ``#rrggbb``; white text must be readable on it (4.5:1, WCAG 1.4.3)"""
    logo: Path | None = None
    """PNG or JPEG file; none: the name alone"""

    @field_validator("colour")
    @classmethod
    def _readable(cls, colour: str) -> str:
        if contrast(colour, "#ffffff") < READABLE:
            raise ValueError("too light: white text would not be readable on it (contrast 4.5 to 1 is needed)")
        return colour


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#rrggbb``, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_LEAST_REASON = 20


class Hook(BaseModel):
    """A program of the authority that is given the events of calls, after them and never in their way."""

    entry: str = ""
    """``package.module:function``, run in a process of its own"""
    url: str = ""
    """https address, in the place of ``entry``; signed as Standard Webhooks asks"""
    secret: SecretStr = SecretStr("")
    """base64 of 24 bytes or more (whsec_...), with ``url``"""
    purpose: str = Field(min_length=10)
    """what it is for, in French: the public register shows it"""
    unmasked_because: str = ""
    """why it gets words as they were said; empty: they are masked"""

    @model_validator(mode="after")
    def _one_way(self) -> Hook:
        if bool(self.entry) == bool(self.url):
            raise ValueError("a hook has either an entry or a url")
        if self.unmasked_because and len(self.unmasked_because) < _LEAST_REASON:
            raise ValueError(f"the reason has {_LEAST_REASON} characters or more")
        return self


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(env_prefix="CALLBOT_", env_nested_delimiter="__", env_file=".env", extra="ignore")

    data_dir: Path = Path("var")
    """database, models, phrases, gazetteer"""
    knowledge_dir: Path = Path("knowledge_base")
    server: Server = Server()
    twilio: Twilio = Twilio()
    email: Email = Email()
    speech: Speech = Speech()
    storage: Storage = Storage()
    gazetteer: Gazetteer = Gazetteer()
    privacy: Privacy = Privacy()
    retention: Retention = Retention()
    calls: Calls = Calls()
    outwards: Outwards = Outwards()
    links: Links = Links()
    figures: Figures = Figures()
    switch: Switch = Switch()
    access: Access = Access()
    theme: Theme = Theme()
    hooks: dict[Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,31}$")], Hook] = Field(default_factory=dict)
    """programs beside the service by their name"""

    @property
    def storage_url(self) -> str:
        """The URL in force."""
        return self.storage.url or f"sqlite+aiosqlite:///{self.data_dir / 'callbot.db'}"

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

    @property
    def phrases_dir(self) -> Path:
        return self.data_dir / "phrases"

    @property
    def gazetteer_file(self) -> Path:
        return self.data_dir / "gazetteer.db"


@cache
def load_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
