"""Asking to stop."""

from __future__ import annotations

import os
import signal

import pytest

from nb2pipe.app.cancel import Cancel, cancel_on_signals


def test_a_run_of_a_batch() -> None:
    """Stopping the batch stops its runs; stopping a run leaves the batch alone; the first reason stays."""
    batch = Cancel()
    first, second = Cancel(batch), Cancel(batch)
    first.request("one run")
    assert [True, False, False] == [each.is_requested() for each in (first, second, batch)]
    batch.request("all")
    batch.request("again")
    assert ["one run", "all", "all"] == [each.reason for each in (first, second, batch)]
    assert second.is_requested()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals(number: signal.Signals) -> None:
    """The first signal asks, the second interrupts; afterwards signals are what they were."""
    before, cancel = signal.getsignal(number), Cancel()
    with pytest.raises(KeyboardInterrupt), cancel_on_signals(cancel):
        os.kill(os.getpid(), number)
        assert f"cancelled by {number.name}" == cancel.reason
        os.kill(os.getpid(), number)
    assert before is signal.getsignal(number)


def test_ignored_signals_stay_ignored() -> None:
    """Under ``nohup`` the terminal's end ends nothing."""
    before, cancel = signal.signal(signal.SIGHUP, signal.SIG_IGN), Cancel()
    try:
        with cancel_on_signals(cancel):
            os.kill(os.getpid(), signal.SIGHUP)
        assert not cancel.is_requested()
    finally:
        signal.signal(signal.SIGHUP, before)
