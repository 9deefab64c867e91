"""Letters with personal links; off unless the settings name a mail server."""

from __future__ import annotations

import logging
import smtplib
import ssl
from datetime import date
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from matcher.errors import Fault
from matcher.texts import say, text
from service.errors import refused
from service.settings import Settings

_LOG = logging.getLogger("service.access")
_TIMEOUT_SECONDS = 15.0
_PORTS = {"smtp": 587, "smtps": 465}


def check_letters(settings: Settings) -> None:
    """Check that letters can be sent.

    Raises
    ------
    Problem
        409 where the settings name no mail server.
    """
    if urlsplit(settings.smtp_url).scheme not in _PORTS:
        message = text("letters cannot be sent here: there is no mail server in the settings")
        raise refused([Fault("send_to", message)])


def send_link(settings: Settings, to: str, link: str, day: date) -> bool:
    """Send a personal link, and say whether the mail server has taken the letter."""
    letter = EmailMessage()
    where = urlsplit(settings.smtp_url)
    letter["From"] = settings.smtp_sender or unquote(where.username or "")
    letter["To"] = to
    letter["Subject"] = say(text("Your personal link"), settings.language)
    body = text(
        "Good day!\n\nThis link was made for you alone; with it you take part in mentoring:\n\n{link}\n\n"
        "It works until {day}. Do not pass it on: whoever has it comes in as you.\n",
        link=link,
        day=day.strftime("%d.%m.%Y"),
    )
    letter.set_content(say(body, settings.language))
    try:
        with _connected(where) as server:
            password = settings.smtp_password_file
            if where.username and password is not None:
                server.login(unquote(where.username), password.read_text(encoding="utf-8").strip())
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        _LOG.warning("a letter was not sent: %s", type(error).__name__)
        return False
    return True


def _connected(where: SplitResult) -> smtplib.SMTP:
    """Return a connection to the mail server, over TLS unless it is on this machine."""
    host, port = where.hostname or "", where.port or _PORTS[where.scheme]
    if where.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
    if host not in ("127.0.0.1", "localhost", "::1"):
        server.starttls(context=ssl.create_default_context())
    return server
