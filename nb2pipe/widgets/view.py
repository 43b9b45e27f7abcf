"""The panel: what a saved notebook makes, a form to run it, and how its runs go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nb2pipe.app.detached import RunOrder, start_run
from nb2pipe.app.history import cancel_run
from nb2pipe.app.logs import log_part
from nb2pipe.errors import Nb2pipeError, NotFoundError
from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.widgets import pictures
from nb2pipe.widgets.background import in_background
from nb2pipe.widgets.controls import Controls
from nb2pipe.widgets.follow import follow
from nb2pipe.widgets.form import Form
from nb2pipe.widgets.look import Look, last_runs, look_at
from nb2pipe.widgets.past import PastRuns, close

LOG_BYTES = 8000


class View:
    """Shows one notebook. It runs nothing itself: runs are processes of their own, which it starts and looks at.

    Args:
        where: says which file; asked again at every refresh, since a notebook may be renamed.

    Raises:
        NotFoundError: there is no such file.
        SettingsError: a setting is wrong.
    """

    def __init__(self, where: Callable[[], Path]) -> None:
        self._where = where
        self.controls = Controls()
        self.form = Form((), self._check_form)
        self._past = PastRuns(self.controls.runs)
        self._pipeline: Pipeline | None = None
        self._going = ""
        self._busy = False
        self._followed: set[str] = set()
        self._state: State | None = None
        self._look = look_at(where(), {})
        self._usual_cache = self.controls.cache.value = self._look.settings.cache
        self._show_look(self._look)
        self._wire()
        self.box = self.controls.box()
        self._show_runs()

    def _wire(self) -> None:
        controls = self.controls
        controls.refresh.on_click(lambda pressed: self.refresh())
        controls.run.on_click(lambda pressed: self.run())
        controls.cancel.on_click(lambda pressed: self.cancel())
        controls.executor.observe(lambda change: self.refresh(), names="value")
        controls.cache.observe(lambda change: self.refresh(), names="value")

    # -- the notebook ----------------------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Read the saved notebook again; False if it cannot be looked at, which the panel then says."""
        try:
            look = look_at(self._where(), self._flags())
        except (Nb2pipeError, OSError) as error:
            self._tell(error)
            return False
        self._show_look(look)
        self._show_runs()
        return True

    def _flags(self) -> dict[str, Any]:
        """The settings that differ from what is in force without the panel."""
        cache, executor = self.controls.cache.value, self.controls.executor.value
        flags = {"cache": cache if cache != self._usual_cache else None, "executor": executor or None}
        return {name: value for name, value in flags.items() if value is not None}

    def _show_look(self, look: Look) -> None:
        self._look = look
        controls, fresh = self.controls, look.pipeline
        controls.head.value = pictures.head(look)
        controls.diagnostics.value = pictures.diagnostics(look.diagnostics)
        controls.why.value = pictures.note(look.executor)
        if fresh is not None:
            self._pipeline = fresh
            if not self.form.fits(fresh.parameters):
                before, self.form = self.form, Form(fresh.parameters, self._check_form)
                controls.form.children = (self.form.box,)
                close((before.box,))
        controls.graph.value = pictures.graph(self._pipeline, is_stale=fresh is None)
        self._check_form()

    def _check_form(self) -> None:
        """Say what is wrong with the values, and let nobody press Run before it is mended."""
        found = self.form.problem()
        self.controls.message.value = pictures.problem(found) if found is not None else ""
        self._set_buttons()

    def _set_buttons(self) -> None:
        cannot = self._look.is_refused or self.form.problem() is not None
        self.controls.run.disabled = self._busy or cannot
        self.controls.cancel.disabled = not self._going

    def _tell(self, error: Exception) -> None:
        self.controls.message.value = pictures.problem(error)

    # -- runs ------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Start a run of the saved notebook, and show how it goes."""
        if self._busy or not self.refresh() or self.controls.run.disabled:
            return
        order = RunOrder(str(self._look.path), parameters=self.form.values(), flags=self._flags())
        settings = self._look.settings
        self.controls.message.value = pictures.note("Starting ...")
        self.controls.progress.value = self.controls.failures.value = ""

        def work() -> None:
            run = start_run(order, settings)
            self.controls.message.value = ""
            self._follow(run.id)

        self._in_background(work)

    def cancel(self) -> None:
        """Ask the run that goes on to stop."""
        run_id, settings = self._going, self._look.settings
        if run_id:
            self.controls.cancel.disabled = True
            self.controls.message.value = pictures.note("Cancelling ...")
            in_background(lambda: _cancel(run_id, settings), self._tell, lambda: None)

    def _in_background(self, work: Callable[[], None]) -> None:
        self._busy = True
        self._set_buttons()
        in_background(work, self._tell, self._rest)

    def _rest(self) -> None:
        self._busy, self._going = False, ""
        self._set_buttons()
        self._show_runs()

    def _follow(self, run_id: str) -> None:
        """Show a run until it has ended; in a thread."""
        self._followed.add(run_id)
        self._going = run_id
        self._set_buttons()
        self._show_runs()
        settings = self._look.settings
        run = follow(settings, run_id, self._show_run)
        self.controls.message.value = "" if run is not None else pictures.note(f"Run {run_id} was removed.")

    def _show_run(self, run: Run, steps: tuple[StepRun, ...]) -> None:
        order = {step.name: number for number, step in enumerate(self._pipeline.steps if self._pipeline else ())}
        steps = tuple(sorted(steps, key=lambda step: order.get(step.step, len(order))))
        self.controls.graph.value = pictures.graph(self._pipeline, steps)
        self.controls.progress.value = pictures.progress(run, steps)
        if run.state is not self._state:
            self._state = run.state
            self._show_runs()
        failed = [step for step in steps if step.state is State.FAILED]
        if failed:
            self.controls.failures.value = pictures.failures(failed, {s.step: self._log_end(s) for s in failed})

    def _log_end(self, step: StepRun) -> str:
        try:
            return log_part(self._look.settings, step.run_id, step.step, offset=-LOG_BYTES).text
        except NotFoundError as error:
            return f"({error.message})"

    def _show_runs(self) -> None:
        """List the last runs; one that goes on, such as from before the kernel was restarted, is shown again."""
        try:
            runs = last_runs(self._look)
        except Nb2pipeError as error:
            self._tell(error)
            return
        self._past.show(runs, self._look.settings)
        going = next((run.id for run in runs if not run.state.is_final and run.id not in self._followed), "")
        if going and not self._busy:
            self._in_background(lambda: self._follow(going))


def _cancel(run_id: str, settings: Any) -> None:
    cancel_run(settings, run_id)
