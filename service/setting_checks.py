"""What is wrong with settings, in sentences: values that do not fit, names nobody knows, files that are not there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from matcher.errors import Fault
from matcher.texts import Text, text

if TYPE_CHECKING:
    from pathlib import Path

    from service.settings import Settings

PREFIX = "MATCHER_"
# Read by tests and benchmarks of this project, and no settings of the service.
_OTHERS = frozenset(f"{PREFIX}{name}" for name in ("SHARED", "CROSSINGS", "REPEATS", "SCREENSHOTS"))
_SECRET_FILES = ("database_password_file", "oidc_secret_file", "smtp_password_file")
_OIDC = ("oidc_issuer", "oidc_client_id", "oidc_secret_file")


def fault_of(error: Any, file: Path | None, fields: Mapping[str, Any]) -> Fault:
    """Return what pydantic found wrong as a sentence with a cure; ``fields`` are those of the settings."""
    name = str(error["loc"][0]) if error["loc"] else ""
    place = f"{file or 'settings'}: {_named(name)}"
    if error["type"] == "extra_forbidden":
        return Fault(place, text("there is no such setting"), _likely(name, fields))
    if "database_address" in error["msg"]:
        cure = text("give sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
        return Fault(place, text("this is no address of a database the service knows"), cure)
    if name == "forwarded_allow_ips":
        cure = text("give addresses or networks with commas between them, such as 10.0.0.5,192.168.7.0/24")
        return Fault(place, text("this is no list of addresses"), cure)
    field = fields.get(name)
    return Fault(place, text("this value does not fit"), None if field is None else _wanted(field))


def faults_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[Fault]:
    """Return what is wrong with settings whose every value has the right kind."""
    return [
        *_unknown(environment, type(settings).model_fields),
        *_time_zone(settings),
        *_addresses(settings),
        *_directory(settings),
        *_secrets(settings),
    ]


def _named(name: str) -> str:
    return f"{name} ({PREFIX}{name.upper()})"


def _unknown(environment: Mapping[str, str], fields: Mapping[str, Any]) -> Iterator[Fault]:
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and variable not in _OTHERS and name not in fields:
            yield Fault(variable, text("there is no such setting"), _likely(name, fields))


def _likely(name: str, fields: Mapping[str, Any]) -> Text:
    close = get_close_matches(name, fields, n=1)
    return text("perhaps {names}", names=close[0]) if close else text("see docs/reference/settings.md")


def _time_zone(settings: Settings) -> Iterator[Fault]:
    try:
        ZoneInfo(settings.time_zone or "/")
    except (ValueError, OSError, KeyError):  # which of them depends on the signs of the name
        cure = text("give a name such as Europe/Moscow or Asia/Vladivostok")
        yield Fault(_named("time_zone"), text("there is no such time zone: {name}", name=settings.time_zone), cure)


def _addresses(settings: Settings) -> Iterator[Fault]:
    wanted = {
        "public_url": (("http", "https"), text("give an address such as https://mentoring.example.ru")),
        "oidc_issuer": (("http", "https"), text("give an address such as https://mentoring.example.ru")),
        "smtp_url": (("smtp", "smtps"), text("give an address such as smtp://USER@HOST:587")),
    }
    for name, (schemes, cure) in wanted.items():
        value = getattr(settings, name)
        if value and not _is_address(value, schemes):
            yield Fault(_named(name), text("this is no address the service can use"), cure)


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _directory(settings: Settings) -> Iterator[Fault]:
    if any(getattr(settings, name) for name in _OIDC[:2]):
        for name in _OIDC[:2]:
            if not getattr(settings, name):
                message = text("the directory of the municipality cannot be asked without this setting")
                yield Fault(_named(name), message, text("give oidc_issuer and oidc_client_id together, or neither"))


def _secrets(settings: Settings) -> Iterator[Fault]:
    for name in _SECRET_FILES:
        file = getattr(settings, name)
        if file is None:
            continue
        try:
            empty = not file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            message = text("the file cannot be read: {file}", file=str(file))
            yield Fault(_named(name), message, text("check that it is there and that the service may read it"))
        else:
            if empty:
                message = text("the file is empty: {file}", file=str(file))
                yield Fault(_named(name), message, text("put the secret into it"))


def _wanted(field: Any) -> Text | None:
    kind = field.annotation
    if get_origin(kind) is Literal:
        return text("give one of: {words}", words=", ".join(map(str, get_args(kind))))
    if kind is bool:
        return text("give true or false")
    if kind not in (int, float):
        return None
    limits = {type(one).__name__: _figure(one) for one in field.metadata}
    least, most = limits.get("Ge"), limits.get("Le")
    if least is not None and most is not None:
        wanted = text("give a number from {least} to {most}", least=least, most=most)
    elif most is not None:
        wanted = text("give a number above 0 and up to {most}", most=most)
    elif least is not None:
        wanted = text("give a number of at least {least}", least=least)
    else:
        wanted = text("give a number above 0")
    return wanted


def _figure(limit: Any) -> float:
    """Return the figure of a limit of annotated_types: 0 of ``Ge(ge=0)``."""
    found: float = getattr(limit, type(limit).__name__.lower())
    return found
