"""Settings for a command, and what of them concerns printing."""

from __future__ import annotations

from typing import Any

import click

from nb2pipe.app.leftovers import remove_left_behind
from nb2pipe.app.places import notebook_folder
from nb2pipe.settings import Settings, load_settings

COLOURS = {"always": True, "never": False, "auto": None}


def command_settings(notebook: str | None = None, **flags: Any) -> Settings:
    """The settings in force for a command; from here on it prints in colour or not as they say.

    Args:
        notebook: notebook that the command is about, whose folder may hold settings.
        flags: settings given as flags; None where not given.

    Raises:
        SettingsError: a setting is unknown or wrong.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load_settings(given, cwd=notebook_folder(notebook) if notebook else None)
    remove_left_behind(settings.home)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.color = COLOURS[settings.color]
    return settings
