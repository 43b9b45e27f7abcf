"""Operations on notices and on the channels that they go by."""

from __future__ import annotations

from typing import Any

from nb2pipe.app import notices as use
from nb2pipe.model import Delivery
from nb2pipe.server.asking import Asked
from nb2pipe.server.service import Service
from nb2pipe.settings import load_channels


def listed(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """Notices, newest first."""
    states = [Delivery(word) for word in asked.query.get("state", ())]
    return [use.notice_data(each) for each in use.list_notices(service.settings(), states, asked.query["limit"])]


def retry(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """Send a notice now that was not sent so far."""
    return [use.retried_data(each) for each in use.retry_notices(service.settings(), asked.words["notice"])]


def channels(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """The channels of the user that this server runs as; an address may be a secret, so their kinds alone."""
    return [{"name": name, "kind": each.kind} for name, each in load_channels().items()]


def test(service: Service, asked: Asked) -> dict[str, Any]:
    """Send a test by a channel now."""
    return use.notice_data(use.test_channel(asked.words["channel"], asked.user))
