"""One attempt to send one notice by one channel, of whatever kind."""

from __future__ import annotations

from datetime import UTC, datetime

from nb2pipe.errors import SettingsError
from nb2pipe.model import Notice
from nb2pipe.notices.mail import Server, message_of, send_mail
from nb2pipe.notices.outcome import Outcome, Secrets
from nb2pipe.notices.program import run_program
from nb2pipe.notices.text import as_data, as_slack
from nb2pipe.notices.webhook import post
from nb2pipe.settings import Channel


def send(channel: Channel, notice: Notice) -> Outcome:
    """Send a notice; takes the channel's ``timeout_s`` at most, and never raises for what is outside of us.

    Args:
        channel: from the settings.
        notice: what it tells; its id goes along, so that who gets it twice can tell.
    """
    secrets = Secrets()
    try:
        outcome = _send(channel, notice, secrets)
    except SettingsError as error:
        outcome = Outcome(reason=f"{error.message}" + (f" ({error.hint})" if error.hint else ""))
    except Exception as error:  # foreign code: encodings, codecs, what a server makes of a protocol
        outcome = Outcome(reason=f"{type(error).__name__}: {error}")
    return secrets.hide(outcome)


def _send(channel: Channel, notice: Notice, secrets: Secrets) -> Outcome:
    if channel.kind == "command":
        return run_program(channel.argv, as_data(notice), channel.folder, channel.timeout_s)
    if channel.kind == "email":
        user, password = secrets.get("user", channel.user), secrets.get("password", channel.password)
        server = Server(channel.host, channel.port, channel.tls, user, password)
        mail = message_of(notice, channel.sender, channel.to, datetime.now(UTC))
        return send_mail(mail, server, channel.timeout_s)
    url = secrets.get("url", channel.url)
    headers = {name: secrets.get(name, value) for name, value in channel.headers.items()}
    ours = {"X-Nb2pipe-Notice": notice.id, "X-Nb2pipe-Event": notice.facts.event.value, "Idempotency-Key": notice.id}
    data = as_slack(notice) if channel.kind == "slack" else as_data(notice)
    return post(url, data, {**headers, **ours}, channel.timeout_s)
