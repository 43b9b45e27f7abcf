"""Sending mail by SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from nb2pipe.model import Notice
from nb2pipe.notices.line import Line
from nb2pipe.notices.outcome import Outcome
from nb2pipe.notices.text import body, subject


@dataclass(frozen=True)
class Server:
    """A mail server, with the secrets looked up.

    Args:
        host: its name.
        port: its port.
        tls: ``starttls``, ``tls`` from the first byte on, or ``none``.
        user: name to log in with; empty for no login.
        password: its password.
    """

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""


def message_of(notice: Notice, sender: str, to: tuple[str, ...], at: datetime) -> EmailMessage:
    """The mail of a notice; its Message-ID is the same at every attempt, so that mail programs show it once.

    Args:
        notice: what it tells.
        sender: address that it comes from.
        to: addresses that it goes to.
        at: aware, its date.
    """
    mail = EmailMessage()
    mail["Subject"] = subject(notice.facts)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<nb2pipe.{notice.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Nb2pipe-Notice"] = notice.id
    mail["X-Nb2pipe-Event"] = notice.facts.event.value
    mail.set_content(body(notice.facts, notice.id))
    return mail


def send_mail(mail: EmailMessage, server: Server, timeout_s: float) -> Outcome:
    """Hand a mail to a server; it is sent if the server takes it for one address at least.

    Args:
        mail: with all its headers.
        server: where.
        timeout_s: seconds until the server must have it.
    """
    outcome: Outcome | None = None
    with Line(timeout_s) as line:
        try:
            with _connected(server, line, timeout_s) as smtp:
                if server.tls == "starttls":
                    smtp.starttls(context=ssl.create_default_context())
                if server.user:
                    smtp.login(server.user, server.password)
                refused = smtp.send_message(mail)
                told = "; ".join(f"not for {to}: {code} {_text(said)}" for to, (code, said) in refused.items())
                outcome = Outcome(is_sent=True, reason=told)
            return outcome
        except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
            if outcome is not None:  # the server has it, however badly it says good-bye
                return outcome
            if line.is_cut:
                return Outcome(reason=f"it took longer than {timeout_s:g} s")
            return _refused(error)


def _refused(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{to}: {code} {_text(text)}" for to, (code, text) in error.recipients.items())
        codes = [code for code, _ in error.recipients.values()]
        return Outcome(reason=f"the server takes it for nobody: {said}", is_final=all(code >= 500 for code in codes))
    if isinstance(error, smtplib.SMTPResponseException):
        is_final = 500 <= error.smtp_code < 600
        return Outcome(reason=f"the server answered {error.smtp_code} {_text(error.smtp_error)}", is_final=is_final)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome(reason=f"the server cannot do it: {error}", is_final=True)
    # smtplib turns a time-out at the greeting into a lost connection, and keeps it only as the context.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Outcome(reason="the server did not answer in time")
    return Outcome(reason=str(getattr(error, "strerror", "") or error) or type(error).__name__)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


class _Smtp(smtplib.SMTP):
    def __init__(self, line: Line, host: str, port: int, timeout_s: float) -> None:
        self._line = line
        super().__init__(host, port, timeout=timeout_s)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = socket.create_connection((host, port), timeout)
        self._line.add(connected)
        return connected


class _SmtpTls(smtplib.SMTP_SSL, _Smtp):
    """The order of these two lets the socket be minded before it is encrypted."""

    def __init__(self, line: Line, host: str, port: int, timeout_s: float) -> None:
        self._line = line
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=timeout_s, context=ssl.create_default_context())


def _connected(server: Server, line: Line, timeout_s: float) -> Any:
    kind = _SmtpTls if server.tls == "tls" else _Smtp
    return kind(line, server.host, server.port, timeout_s)
