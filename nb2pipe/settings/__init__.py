"""Settings of nb2pipe: from files, the environment and flags, each with its origin."""

from nb2pipe.settings.load import load_settings
from nb2pipe.settings.values import SettingRow, Settings, explain

__all__ = ["SettingRow", "Settings", "explain", "load_settings"]
