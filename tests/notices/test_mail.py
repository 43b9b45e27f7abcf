"""Sending mail: what a real server gets, and what is said when it does not take it."""

from __future__ import annotations

import email
from collections.abc import Iterator
from contextlib import contextmanager
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from nb2pipe.notices.outcome import Outcome
from nb2pipe.notices.send import send
from tests.notices.receivers import Mailbox, MailServer, a_certificate, silent_server
from tests.notices.values import a_channel, a_notice

SENT = Outcome(is_sent=True)


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[MailServer]:
    """A mail server while inside."""
    server = MailServer(mailbox, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def mail_channel(server: MailServer, **changes: Any) -> Any:
    """A channel to that server."""
    own = {"tls": "none", "sender": "nb2pipe@example.com", "to": ("ann@example.com", "bob@example.com")}
    return a_channel("email", host="127.0.0.1", port=server.port, **{**own, **changes})


def test_mail() -> None:
    """A mail says all of it, readable, and has the same Message-ID whenever it is sent."""
    mailbox = Mailbox()
    with serving(mailbox) as server:
        notice = a_notice(error_line="no rows\x1b[31m in größe \ud800", notebook="/n/größe\n.ipynb")
        assert [SENT, SENT] == [send(mail_channel(server), notice) for _ in range(2)]
    first, second = [
        email.message_from_bytes(bytes(each.original_content or b""), policy=default) for each in mailbox.mails
    ]
    assert "nb2pipe: nightly failed in step 'fit': ValueError" == first["Subject"]
    assert ["ann@example.com", "bob@example.com"] == mailbox.mails[0].rcpt_tos
    assert "<nb2pipe.0123456789abcdef@example.com>" == first["Message-ID"] == second["Message-ID"]
    assert ("auto-generated", "failure") == (first["Auto-Submitted"], first["X-Nb2pipe-Event"])
    text = first.get_content()
    for line in (
        "notebook   /n/größe .ipynb",
        "schedule   nightly",
        "step       fit, cell 3 (id b2), line 7",
        "error      ValueError: no rows in größe \\ud800",
        "by         ann@laptop",
        "in a row   2 failures",
        "    nb2pipe runs show 20261124-120000-abcdefg",
    ):
        assert line in text


def test_mail_servers_that_refuse() -> None:
    """What a mail server answers is told; a 5xx is final, a 4xx is not, and one known address is enough."""
    mailbox = Mailbox()
    with serving(mailbox) as server:
        mailbox.refuse = "451 try later"
        later = send(mail_channel(server), a_notice())
        assert ("the server answered 451 try later", False) == (later.reason, later.is_final)
        mailbox.refuse = "554 spam"
        assert send(mail_channel(server), a_notice()).is_final
        mailbox.refuse, mailbox.unknown = "", {"bob@example.com"}
        assert Outcome(True, "not for bob@example.com: 550 no such user") == send(mail_channel(server), a_notice())
        mailbox.unknown.add("ann@example.com")
        nobody = send(mail_channel(server), a_notice())
        assert "takes it for nobody" in nobody.reason and nobody.is_final
        plain = send(mail_channel(server, tls="starttls"), a_notice())
        assert "STARTTLS" in plain.reason and plain.is_final
        port = server.port
    gone = send(a_channel("email", host="127.0.0.1", port=port, tls="none", sender="a@b", to=("c@d",)), a_notice())
    assert ("Connection refused", False) == (gone.reason, gone.is_final)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_with_a_login(tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over TLS of either kind, with a certificate that is checked and a password by reference."""
    certificate, context = a_certificate(tmp_path)
    mailbox = Mailbox()
    own: dict[str, Any] = {"ssl_context": context} if tls == "tls" else {"tls_context": context}
    is_late = tls == "starttls"  # the server does not know that it is behind TLS from the first byte on
    options = {"authenticator": mailbox.authenticate, "auth_require_tls": is_late, "auth_required": is_late}
    monkeypatch.setenv("PASSWORD", "sesame")
    with serving(mailbox, **own, **options) as server:
        channel = mail_channel(server, tls=tls, user="ann", password="env:PASSWORD")
        refused = send(channel, a_notice())
        assert "certificate verify failed" in refused.reason and [] == mailbox.logins
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert SENT == send(channel, a_notice())
        monkeypatch.setenv("PASSWORD", "hunter2")
        wrong = send(channel, a_notice())
        assert (True, False) == (wrong.is_final, "hunter2" in wrong.reason), wrong
    assert ({("ann", "sesame"), ("ann", "hunter2")}, 1) == (set(mailbox.logins), len(mailbox.mails))


def test_a_bad_good_bye(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that the server has taken was sent, even if the connection then ends badly."""

    async def quit_badly(server: SMTP, arg: str) -> None:
        await server.push("500 no")

    monkeypatch.setattr(SMTP, "smtp_QUIT", quit_badly)
    mailbox = Mailbox()
    with serving(mailbox) as server:
        assert SENT == send(mail_channel(server), a_notice())
    assert 1 == len(mailbox.mails)


@pytest.mark.parametrize("tls", ["none", "tls"])
def test_a_server_that_says_nothing(tls: str) -> None:
    """A server that takes the connection and is silent is left after the channel's time."""
    with silent_server() as port:
        own: dict[str, Any] = {"tls": tls, "sender": "a@b.c", "to": ("d@e.f",), "timeout_s": 0.5}
        outcome = send(a_channel("email", host="127.0.0.1", port=port, **own), a_notice())
    assert outcome.reason in ("it took longer than 0.5 s", "the server did not answer in time")
    assert not outcome.is_final
