"""Settings, read once at start-up. The only module that reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One deployment's settings, from ``NYEFAMILIER_*``. No default is fit for production."""

    model_config = SettingsConfigDict(
        env_prefix="NYEFAMILIER_",
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
    )

    environment: str = Field(default="demo", pattern="^(demo|test|production)$")
    """``production`` refuses everything that is only fit for a demonstration."""

    database_url: SecretStr | None = None
    """SQLAlchemy or libpq URL of PostgreSQL 15 or newer; without it the embedded server is used."""

    var: Path = Path("var")
    """Where the embedded database, the keyring and logs of a demonstration lie."""

    keys: Literal["file", "openbao"] = "file"
    """Who holds the keys that wrap the families' keys: a keyring file, or a key server."""

    openbao_url: str | None = None
    """Where the key server answers; ``https`` in production, or this machine's own loopback."""

    openbao_token_file: Path | None = None
    """The file that the key server's token lies in, mode 0600; read anew for each request."""

    openbao_ca: Path | None = None
    """The certificates that the key server's is to be trusted by; without it the system's."""

    openbao_mount: str = Field(default="transit", pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    """Where its transit engine is mounted."""

    keyring: Path | None = None
    """The local keyring file; without it ``var/keyring.json``."""

    allow_local_keyring: bool = False
    """Allow the local keyring file in production, by name."""

    tenant: str = "oslo"
    """Bound into every sealed cell, so that two deployments' cells cannot be mixed."""

    secure_cookies: bool = False
    """Send cookies over TLS only, under the ``__Host-`` prefix. Demanded in production."""

    session_idle_minutes: int = Field(default=15, ge=1, le=120)
    """A page session that is left alone for longer is over."""

    session_hours: int = Field(default=10, ge=1, le=24)
    """A page session is over after this, however busy."""

    token_minutes: int = Field(default=60, ge=1, le=720)
    """How long a token of the API is good."""

    shift_hours: int = Field(default=12, ge=1, le=24)
    """How long a phone carries its nurse's sign-in on before it asks for her password again."""

    lease_hours: int = Field(default=72, ge=1, le=24 * 14)
    """For how long a phone may open its store without asking us."""

    outing_grace_minutes: int = Field(default=15, ge=1, le=120)
    """How late a nurse who is out alone may be before there is an alarm."""

    on_call: dict[str, Annotated[str, Field(pattern=r"^\+[0-9]{8,15}$")]] = {}
    """Who is sent a text about such an alarm: by bydel the number (``{"11": "+47..."}``), and by
    ``*`` that of all other bydeler. Without one the alarm is on the lead's page alone."""

    trusted_hosts: str = "localhost,127.0.0.1,[::1]"
    """The host names that we answer to, separated by commas; a leading full stop takes
    subdomains in."""

    trusted_proxies: int = Field(default=0, ge=0, le=5)
    """How many proxies of ours stand in front and set ``X-Forwarded-*``; 0 believes none."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 asks the system for a free one."""

    workers: int = Field(default=2, ge=1, le=64)
    """Web worker processes."""

    threads: int = Field(default=16, ge=1, le=256)
    """Requests that one worker process answers at once."""

    sync_at_once: int = Field(default=4, ge=1, le=256)
    """Sync requests that one worker process works on at once. As many again wait a second; the
    rest is told when to come back."""

    sync_a_minute: int = Field(default=30, ge=1, le=1_000_000)
    """Sync requests that one phone may make in a minute, of each worker process."""

    jobs_metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """Port on which a scheduler answers Prometheus; without it, on none. 0 takes any."""

    jobs_metrics_host: str = "127.0.0.1"
    """Address on which it does."""

    database_pool: int = Field(default=8, ge=1, le=100)
    """Connections that one process holds open; as many again are opened when they are needed."""

    statement_timeout_ms: int = Field(default=10_000, ge=100)
    """PostgreSQL's ``statement_timeout`` for every connection."""

    lock_timeout_ms: int = Field(default=3_000, ge=100)
    """PostgreSQL's ``lock_timeout`` for every connection."""

    log_folder: Path | None = None
    """A folder outside of the database's reach that the access log's signed heads are put into."""

    log_witness_url: SecretStr | None = None
    """A witness that is told the access log's signed heads (C2SP tlog-witness)."""

    log_witness_token: SecretStr | None = None
    """Sent to it as a bearer token."""

    families_per_nurse: int = Field(default=100, ge=1, le=1000)
    """A lead is told of a nurse who follows more families than this. Our estimate, from Oslo's own
    figures of 2019: 3 616 families and 35 full-time nurses in the budget. Nothing prescribes it."""

    texts_gateway: Literal["console", "file", "http"] | None = None
    """What carries texts to parents. Without it they are written to the terminal; in production
    they wait, since a terminal sends nothing."""

    texts_folder: Path | None = None
    """Where the gateway ``file`` puts texts; without it ``texts`` under ``var``."""

    texts_url: SecretStr | None = None
    """Where the gateway ``http`` posts texts."""

    texts_token: SecretStr | None = None
    """Sent to it as a bearer token."""

    texts_body: dict[str, Any] = {"to": "$to", "text": "$text", "key": "$key"}
    """What is posted, as JSON: ``$to``, ``$text`` and ``$key`` stand for the text's own."""

    texts_contact: str | None = None
    """The number that parents may call, as it is to be read. Without it they are asked to tell the
    person with whom they have the appointment."""

    @property
    def in_production(self) -> bool:
        """Whether real families are served."""
        return self.environment == "production"

    @property
    def keyring_path(self) -> Path:
        """Where the local keyring file lies."""
        return self.keyring or self.var / "keyring.json"


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        pydantic.ValidationError: a setting cannot be read; the message names the field.
    """
    return Settings()
