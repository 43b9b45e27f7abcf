"""Loading modules without what is of no use."""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys

import pytest

from nb2pipe.execution.loading import hidden, uncollected


def test_a_hidden_module_is_not_found_and_is_there_again_afterwards() -> None:
    """Whoever imports it meanwhile gets an ImportError, and no trace of that is left."""
    sys.modules.pop("colorsys", None)
    with hidden("colorsys"), pytest.raises(ImportError):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)


def test_a_module_that_is_loaded_stays() -> None:
    """What is in use is not taken away."""
    with hidden("json"):
        assert importlib.import_module("json") is json


def test_a_postponed_module_is_loaded_when_it_is_used() -> None:
    """An import alone runs nothing of it; the first name or module asked of it does."""
    code = (
        "import sys\n"
        "from nb2pipe.execution.loading import postpone\n"
        "postpone('wave', 'no_such')\n"
        "import wave\n"
        "before = 'Wave_read' in vars(wave)\n"
        "print(before, wave.Wave_read.__name__, 'Wave_read' in vars(sys.modules['wave']), 'no_such' in sys.modules)\n"
        "postpone('xml')\n"
        "from xml.sax import handler\n"
        "print(handler.__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "Wave_read", "True", "False", "xml.sax.handler"]


def test_garbage_is_collected_again_after_loading() -> None:
    """Only a collector that was on is switched on again."""
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
