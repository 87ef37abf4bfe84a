"""The composition root: the one place where settings become a working programme."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from config.settings import Settings
from nyefamilier.changes.events import ReviewDecided
from nyefamilier.families.events import (
    AnchorsChanged,
    LanguagesTold,
    PregnancyRegistered,
    ProgrammeEnded,
)
from nyefamilier.kernel.actors import SYSTEM, Actor, Occasion
from nyefamilier.kernel.clock import Clock, system_clock
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.kernel.ids import new_id
from nyefamilier.keys.service import require_own_keys
from nyefamilier.needs.events import NeedTold
from nyefamilier.offers.events import (
    ChildBorn,
    EnrolmentClosed,
    EnrolmentEnded,
    EnrolmentStarted,
    FamilyIdentified,
    LanguageKnown,
    OfferAnswered,
    OfferMade,
)
from nyefamilier.offers.service import end_by_loss, identify, tell_birth, tell_language
from nyefamilier.storage.embedded import Embedded, open_embedded
from nyefamilier.storage.engine import make_engine
from nyefamilier.storage.glance import Glance
from nyefamilier.storage.leadership import StillLeads, leadership, turn
from nyefamilier.storage.sessions import WriteBehind, beginning_with
from nyefamilier.storage.version import at_head
from nyefamilier.storage.work import Subscribers, Work, open_work
from nyefamilier.sync.settling import settle
from nyefamilier.texts.gateway import Gateway
from nyefamilier.texts.gateways import ConsoleGateway, FileGateway, HttpGateway
from nyefamilier.texts.service import write_for_booking, write_for_visit
from nyefamilier.transparency.anchoring import Anchor, FolderAnchor, WitnessAnchor
from nyefamilier.uptake import service as uptake
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.openbao import OpenBao
from nyefamilier.vault.provider import KeyProvider, ProviderAway
from nyefamilier.vault.transit import Transit, token_in
from nyefamilier.vault.vault import Vault
from nyefamilier.visits.claiming import claim, release
from nyefamilier.visits.events import (
    TimeAgreed,
    TimeGivenBack,
    VisitAgreed,
    VisitDone,
    VisitMade,
)
from nyefamilier.visits.service import close_open, replan

SUBSCRIBERS: Subscribers = {
    PregnancyRegistered: (identify,),
    AnchorsChanged: (replan, tell_birth),
    LanguagesTold: (tell_language,),
    EnrolmentStarted: (replan,),
    ProgrammeEnded: (end_by_loss, close_open),
    EnrolmentClosed: (close_open,),
    FamilyIdentified: (uptake.hear_identified,),
    OfferMade: (uptake.hear_offer,),
    OfferAnswered: (uptake.hear_answer,),
    EnrolmentEnded: (uptake.hear_enrolment_ended,),
    ChildBorn: (uptake.hear_birth,),
    LanguageKnown: (uptake.hear_language,),
    TimeAgreed: (claim,),
    TimeGivenBack: (release,),
    VisitDone: (uptake.hear_visit,),
    NeedTold: (uptake.hear_need,),
    VisitAgreed: (write_for_booking,),
    VisitMade: (write_for_visit,),
    ReviewDecided: (settle,),
}
"""Who hears of what. Read this table to see what an event sets off."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything a doorway (HTTP, timer, command line, test) needs in order to call a use case."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[WriteBehind]
    snapshots: sessionmaker[WriteBehind]
    """The same, for transactions that see one instant (REPEATABLE READ)."""
    glances: Callable[[], AbstractContextManager[Connection]]
    """Connections on which each statement is a transaction (AUTOCOMMIT)."""
    vault: Vault
    clock: Clock
    embedded: Embedded | None = None
    gateway: Gateway | None = None
    anchors: tuple[Anchor, ...] = ()
    """What carries texts to parents; without one they wait."""

    @contextmanager
    def work(
        self, actor: Actor, doorway: str = "rest", request_id: UUID | None = None
    ) -> Generator[Work, None, None]:
        """Open a piece of work for *actor*, now; leaving commits, raising rolls back."""
        with self._open(self.sessions, actor, doorway, request_id) as work:
            yield work

    @contextmanager
    def snapshot(
        self, actor: Actor, doorway: str = "rest", request_id: UUID | None = None
    ) -> Generator[Work, None, None]:
        """The same, but all of it sees the database as it was at its first statement.

        A write that meets a later one raises; see `storage.engine.lost_race`.
        """
        with self._open(self.snapshots, actor, doorway, request_id) as work:
            yield work

    @contextmanager
    def glance(self, actor: Actor) -> Generator[Glance, None, None]:
        """Ask one statement for *actor*, now."""
        with self.glances() as connection:
            yield Glance(connection, actor, self.clock())

    def _open(
        self,
        sessions: sessionmaker[WriteBehind],
        actor: Actor,
        doorway: str,
        request_id: UUID | None,
    ) -> AbstractContextManager[Work]:
        now = self.clock()
        occasion = Occasion(request_id or new_id(now), doorway)
        real = self.settings.in_production
        return open_work(sessions, self.vault, actor, now, occasion, SUBSCRIBERS, real)

    def readiness(self) -> dict[str, bool]:
        """Whether what the programme needs can be used right now, one by one."""
        try:
            answers, migrated = True, at_head(self.engine)
        except (SQLAlchemyError, Unavailable):
            answers, migrated = False, False
        return {"database": answers, "migrations": migrated, "keys": self.vault.healthy()}

    def require_own_keys(self) -> None:
        """Refuse to serve a database whose data keys another provider wrapped.

        With the database away, or not at its newest version, there is nothing to ask yet.

        Raises:
            Unavailable: ``keys-elsewhere``.
        """
        try:
            if not at_head(self.engine):
                return
        except (SQLAlchemyError, Unavailable):
            return
        with self.snapshot(SYSTEM, "start") as work:
            require_own_keys(work)

    def beginning_with(self, first: Callable[[Connection], None]) -> Programme:
        """The same programme, but each of its transactions does *first* before anything else."""
        return replace(
            self,
            sessions=beginning_with(self.sessions, first),
            snapshots=beginning_with(self.snapshots, first),
        )

    def leadership(self, key: int) -> AbstractContextManager[StillLeads]:
        """Try to be the one process that does something; see `storage.leadership`."""
        return leadership(self.engine, key)

    def turn(self, key: int) -> AbstractContextManager[None]:
        """Wait to be the only process that does something; see `storage.leadership`."""
        return turn(self.engine, key)

    def close(self) -> None:
        """Let go of keys and database; the embedded server stops when nobody else uses it."""
        self.vault.provider.close()
        self.engine.dispose()
        if self.embedded is not None:
            self.embedded.close()


def bootstrap(settings: Settings, *, clock: Clock = system_clock) -> Programme:
    """Build the programme that *settings* describe.

    Raises:
        Unavailable: the database cannot be started; ``keyring-refused``,
            ``keyring-in-production``, ``key-server-missing``, ``key-server-in-clear``,
            ``database-in-production``, ``texts-url-missing``.
    """
    vault = Vault(_provider(settings), settings.tenant)
    embedded = None
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
    else:
        _refuse_embedded_in_production(settings)
        embedded = open_embedded(settings.var)
        url = embedded.url
    return assemble(settings, make_engine(url, settings), vault, clock, embedded)


def assemble(
    settings: Settings,
    engine: Engine,
    vault: Vault,
    clock: Clock = system_clock,
    embedded: Embedded | None = None,
) -> Programme:
    """A programme out of parts that are there already.

    Raises:
        Unavailable: ``texts-url-missing``.
    """
    one_instant = engine.execution_options(isolation_level="REPEATABLE READ")
    one_statement = engine.execution_options(isolation_level="AUTOCOMMIT")
    return Programme(
        settings,
        engine,
        _sessions(engine),
        _sessions(one_instant),
        one_statement.connect,
        vault,
        clock,
        embedded,
        gateway_of(settings),
        anchors_of(settings),
    )


def anchors_of(settings: Settings) -> tuple[Anchor, ...]:
    """The places outside of the database that *settings* name for the access log's heads."""
    found: list[Anchor] = []
    if settings.log_folder is not None:
        found.append(FolderAnchor(settings.log_folder))
    if settings.log_witness_url is not None:
        token = settings.log_witness_token
        told = None if token is None else token.get_secret_value()
        found.append(WitnessAnchor(settings.log_witness_url.get_secret_value(), told))
    return tuple(found)


def gateway_of(settings: Settings) -> Gateway | None:
    """The gateway that *settings* name: outside production the terminal, if they name none.

    In production nobody is told that a text was sent which only a terminal saw.
    """
    chosen = settings.texts_gateway or (None if settings.in_production else "console")
    match chosen:
        case "console":
            return ConsoleGateway(sys.stdout)
        case "file":
            return FileGateway(settings.texts_folder or settings.var / "texts")
        case "http":
            return _http_gateway(settings)
        case _:
            return None


def _http_gateway(settings: Settings) -> HttpGateway:
    if settings.texts_url is None:
        raise Unavailable(
            "texts-url-missing",
            "Texts are to go out over HTTP. Set NYEFAMILIER_TEXTS_URL to where they are posted.",
        )
    token = settings.texts_token
    return HttpGateway(
        settings.texts_url.get_secret_value(),
        settings.texts_body,
        None if token is None else token.get_secret_value(),
    )


def _sessions(engine: Engine) -> sessionmaker[WriteBehind]:
    return sessionmaker(engine, class_=WriteBehind, expire_on_commit=False)


def _provider(settings: Settings) -> KeyProvider:
    """Who holds the keys, as *settings* say.

    Raises:
        Unavailable: ``keyring-refused``, ``keyring-in-production``, ``key-server-missing``,
            ``key-server-in-clear``.
    """
    return _key_server(settings) if settings.keys == "openbao" else _keyring(settings)


def _keyring(settings: Settings) -> LocalKeyring:
    if settings.in_production and not (
        LocalKeyring.fit_for_production or settings.allow_local_keyring
    ):
        raise Unavailable(
            "keyring-in-production",
            "A keyring file is not fit for production. Set NYEFAMILIER_ALLOW_LOCAL_KEYRING=1 if "
            "you know what that means.",
        )
    try:
        return LocalKeyring.open(settings.keyring_path, create=not settings.in_production)
    except ProviderAway as refused:
        raise Unavailable("keyring-refused", str(refused)) from refused


def _key_server(settings: Settings) -> OpenBao:
    url, token = settings.openbao_url, settings.openbao_token_file
    if url is None or token is None:
        raise Unavailable(
            "key-server-missing",
            "The keys are to lie in a key server. Set NYEFAMILIER_OPENBAO_URL to where it answers "
            "and NYEFAMILIER_OPENBAO_TOKEN_FILE to the file with its token.",
        )
    if settings.in_production and not _private(url):
        raise Unavailable(
            "key-server-in-clear",
            "The key server would send keys in clear. NYEFAMILIER_OPENBAO_URL must be https.",
        )
    try:
        transit = Transit(url, token_in(token), settings.openbao_ca, settings.openbao_mount)
    except OSError as error:
        message = "NYEFAMILIER_OPENBAO_CA cannot be read as certificates."
        raise Unavailable("key-server-missing", message) from error
    return OpenBao(transit)


def _private(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in {"127.0.0.1", "::1", "localhost"}


def _refuse_embedded_in_production(settings: Settings) -> None:
    if settings.in_production:
        raise Unavailable(
            "database-in-production",
            "The embedded database is not fit for production. Set NYEFAMILIER_DATABASE_URL.",
        )
