"""How the service is set up: environment variables ``MATCHER_…`` or a TOML file, checked before anything starts."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.setting_checks import PREFIX, fault_of, faults_of

__all__ = ["PREFIX", "Settings", "read_settings", "without_password"]


class Settings(BaseSettings):
    """All settings of the service; a value of the environment wins over the file, one of the command line over both.

    Sizes are in bytes, times in seconds unless the name says otherwise.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    folder: Path = Field(default=Path("matcher-data"), validate_default=True)
    """Where the database file, the keys and the exports lie."""
    database: str = ""
    """Address of the database; empty: a SQLite file in ``folder``."""
    database_password_file: Path | None = None
    """A file with the password of the database, kept out of the address."""
    key_file: Path | None = None
    """The master key of sealed data; by default ``matcher.key`` in ``folder``, made at the first start."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    """Address under which people reach the service, for links and for the check of where requests come from."""
    behind_proxy: bool = False
    """Whether a proxy in front sets ``X-Forwarded-For`` and ends TLS."""
    forwarded_allow_ips: str = "127.0.0.1,::1"
    """Addresses or networks of the proxy, by commas: what anybody else says of himself is not believed."""
    time_zone: str = "Europe/Moscow"
    language: Literal["ru", "en"] = "ru"
    workers: int = Field(default=1, ge=0, le=64)
    """Worker processes started beside the web server; 0 where ``matcher worker`` runs elsewhere."""
    jobs_per_worker: int = Field(default=1, ge=1, le=64)
    """Solves one worker process runs at once, each in a process of its own."""
    solve_seconds: float = Field(default=60.0, gt=0, le=3600)
    """Time limit of a run that names none, and the most a run may ask for is ten times as much."""
    solve_memory: int = Field(default=4 * 2**30, ge=512 * 2**20)
    """Memory a solver process may take."""
    solve_grace_seconds: float = Field(default=120.0, gt=0, le=3600)
    """A solver process still at work so long after twice its time limit is ended."""
    solve_nice: int = Field(default=10, ge=0, le=19)
    """How far solver processes let others go first: 0 not at all, 19 wholly."""
    drain_seconds: float = Field(default=20.0, ge=0, le=30)
    """How long a worker that is told to end goes on with its solves before it hands them back."""
    runs_per_area: int = Field(default=2, ge=1)
    """Runs of one area that may be under way at once."""
    queued_per_area: int = Field(default=20, ge=0)
    """Runs of one area that may wait for their turn besides."""
    exports_per_hour: int = Field(default=10, ge=1)
    upload_bytes: int = Field(default=20 * 2**20, ge=2**10)
    unpacked_bytes: int = Field(default=400 * 2**20, ge=2**20)
    session_hours: float = Field(default=12.0, gt=0)
    """A browser has to sign in again after so long, however busy."""
    idle_minutes: float = Field(default=60.0, gt=0)
    link_days: int = Field(default=30, ge=1)
    """How long a personal link works."""
    second_factor: bool = True
    """Whether roles that see other people's data need a second factor; off only for trying out."""
    keep_finished_runs_days: int = Field(default=90, ge=1)
    keep_access_log_days: int = Field(default=3 * 365, ge=365)
    keep_backups_days: int = Field(default=14, ge=1, le=30)
    """Backups are rotated after so many days: who is erased is in none of them any more."""
    backup_key_file: Path | None = None
    """The key of backups; by default ``backup.key`` in ``folder``, made at the first backup. Keep a copy elsewhere."""
    backup_passphrase_file: Path | None = None
    """A file with the passphrase of backups, instead of a key."""
    consent_before_solve: bool = False
    """Whether a solve leaves out whoever has not consented to the use of personal data yet."""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_secret_file: Path | None = None
    smtp_url: str = ""
    """Mail server for personal links, smtp://USER@HOST:587 (STARTTLS) or smtps://USER@HOST:465; empty: none is sent."""
    smtp_password_file: Path | None = None
    smtp_sender: str = ""
    """Address letters come from; by default the user of ``smtp_url``."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("folder")
    @classmethod
    def _whole_path(cls, value: Path) -> Path:
        return value.absolute()  # solver processes work in folders of their own

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value:
            return value
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("database_address") from None
        if url.drivername not in ("sqlite", "postgresql+psycopg"):
            raise ValueError("database_address")
        return value

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        for one in value.split(","):
            try:
                ip_network(one.strip())
            except ValueError:
                raise ValueError("networks") from None
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where settings come from, the strongest first."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database_url(self) -> str:
        """Return the whole address of the database, with the password of its file."""
        url = make_url(self.database or f"sqlite:///{(self.folder / 'matcher.sqlite3').absolute()}")
        if self.database_password_file is not None:
            url = url.set(password=self.database_password_file.read_text(encoding="utf-8").strip())
        return url.render_as_string(hide_password=False)

    @property
    def key_path(self) -> Path:
        """Return where the master key lies."""
        return self.key_file or self.folder / "matcher.key"

    def shown(self) -> dict[str, str]:
        """Return every setting as it may be printed: passwords hidden."""
        found = {name: str(value) for name, value in self.model_dump().items()}
        for name in ("database", "smtp_url"):
            if found[name]:
                found[name] = without_password(found[name])
        return found


def read_settings(file: Path | None = None, **given: Any) -> Settings:
    """Return the settings of the environment, of a TOML file and of the command line (``given``).

    Raises
    ------
    InputError
        When a setting is unknown or does not fit: every one with its name and the cure.
    """
    if file is not None and not file.is_file():
        raise InputError([Fault(str(file), text("there is no such file"), text("give the path of a settings file"))])

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        settings = FromFile(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise InputError([fault_of(one, file, Settings.model_fields) for one in error.errors()]) from None
    except ValueError as error:
        raise InputError([Fault(str(file), text("the file is not TOML: {reason}", reason=str(error)))]) from None
    if faults := faults_of(settings):
        raise InputError(faults)
    return settings


def without_password(address: str) -> str:
    """Return the address of a database or a mail server as it may be printed, wherever it names a password."""
    url = make_url(address)
    hidden = {name: "hidden" for name in url.query if "password" in name.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)
