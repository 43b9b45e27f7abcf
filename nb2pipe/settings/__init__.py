"""Settings of nb2pipe: from files, the environment and flags, each with its origin.

The channels for notices are loaded when they are asked for: few commands need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nb2pipe.settings.load import load_settings
from nb2pipe.settings.values import SettingRow, Settings, explain

if TYPE_CHECKING:
    from nb2pipe.settings.channels import Channel, load_channel, load_channels

__all__ = ["Channel", "SettingRow", "Settings", "explain", "load_channel", "load_channels", "load_settings"]


def __getattr__(name: str) -> Any:
    if name in ("Channel", "load_channel", "load_channels"):
        from nb2pipe.settings.channels import Channel, load_channel, load_channels

        return {"Channel": Channel, "load_channel": load_channel, "load_channels": load_channels}[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
