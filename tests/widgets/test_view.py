"""The panel in this process: what it shows of a notebook, and how runs go that it starts."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.detached import RunOrder, start_run
from nb2pipe.app.history import cancel_run, list_runs, prune_runs
from nb2pipe.errors import NotFoundError, SettingsError
from nb2pipe.model import State
from nb2pipe.settings import Settings
from nb2pipe.widgets import background
from nb2pipe.widgets.panel import panel
from nb2pipe.widgets.view import View
from tests.app.samples import ENDLESS, FAILING, TWO_STEPS, settings_in, write_notebook
from tests.notebook.building import code

DEADLINE_S = 120.0


@pytest.fixture
def settings(nb2pipe_home: Path) -> Settings:
    """Settings with the home of the test."""
    return settings_in(nb2pipe_home)


def view_of(path: str | Path) -> View:
    """The panel of a notebook."""
    return View(lambda: Path(path))


def ended() -> None:
    """Wait for all that panels do in the background."""
    for thread in threading.enumerate():
        if thread.name == background.NAME:
            thread.join(DEADLINE_S)
            assert not thread.is_alive()


def when(view: View, is_so: Callable[[], bool]) -> threading.Event:
    """Set as soon as something is so, looked at whenever the panel shows other progress."""
    seen = threading.Event()

    def look(change: Any) -> None:
        if is_so():
            seen.set()

    view.controls.progress.observe(look, names="value")
    return seen


def shown(view: View) -> str:
    """All HTML of the panel."""
    return "".join(_html(view.box))


def _html(widget: Any) -> list[str]:
    own = [widget.value] if type(widget).__name__ == "HTML" else []
    return own + [text for child in getattr(widget, "children", ()) for text in _html(child)]


def test_a_notebook(tmp_path: Path) -> None:
    """The panel has the picture, when the notebook was saved, a form with its defaults, and that it never ran."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    view = view_of(path)
    text = shown(view)
    assert re.search(rf"saved notebook: {re.escape(path)}, saved \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\.", text)
    assert "<title>make: cell 3</title>" in text and "<title>add: cells 4-5</title>" in text
    assert "No problems found" in text and "No runs of this notebook yet" in text
    assert [("rows", 3), ("name", "x")] == [(f.widget.description, f.widget.value) for f in view.form.fields]
    assert (False, True) == (view.controls.run.disabled, view.controls.cancel.disabled)
    assert {"", "container", "process"} <= {value for _, value in view.controls.executor.options}


def test_a_run(tmp_path: Path, settings: Settings) -> None:
    """Run starts the saved notebook with the values of the form, and shows each step and cell to the end."""
    view = view_of(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS))
    view.form.fields[0].widget.value = 5
    view.controls.executor.value = "process"
    view.controls.cache.value = False
    view.controls.run.click()
    assert view.controls.run.disabled
    ended()
    [run], metrics = list_runs(settings)
    assert (State.SUCCEEDED, 5, "process") == (run.state, run.parameters["rows"], run.executor)
    assert {"total": 10} == metrics[run.id]
    assert 4 == view.controls.progress.value.count('class="cell succeeded"'), "the parameters' cell counts in its step"
    assert 2 == view.controls.graph.value.count('class="step succeeded"')
    assert (False, True) == (view.controls.run.disabled, view.controls.cancel.disabled)
    assert "" == view.controls.message.value
    [_, row] = view.controls.runs.children
    assert "succeeded" in _html(row)[0] and run.id in _html(row)[0] and "rows=5" in _html(row)[0]


def test_cells_are_seen_while_they_run(tmp_path: Path) -> None:
    """While a run goes on the panel shows the cell that runs, and Cancel ends it."""
    view = view_of(write_notebook(tmp_path / "n.ipynb", *ENDLESS))
    running = when(view, lambda: 'class="cell running"' in view.controls.progress.value)
    view.controls.run.click()
    assert running.wait(DEADLINE_S)
    assert 'class="step running"' in view.controls.graph.value and "cell 1/1" in view.controls.graph.value
    assert (True, False) == (view.controls.run.disabled, view.controls.cancel.disabled)
    view.controls.cancel.click()
    ended()
    assert "cancelled" in view.controls.progress.value and "" == view.controls.failures.value
    assert (False, True) == (view.controls.run.disabled, view.controls.cancel.disabled)


def test_a_failed_cell(tmp_path: Path) -> None:
    """A run that fails shows the cell's error and what its step printed."""
    view = view_of(write_notebook(tmp_path / "n.ipynb", *FAILING))
    view.controls.run.click()
    ended()
    text = view.controls.failures.value
    assert "Step second failed in cell 2, line 2" in text and "ZeroDivisionError: division by zero" in text
    assert "What it printed last" in text
    assert "skipped" in view.controls.progress.value


def test_a_report(tmp_path: Path, settings: Settings) -> None:
    """Each past run has a button that makes its report and links to it; one that is gone says so there."""
    view = view_of(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS))
    view.controls.run.click()
    ended()
    [run], _ = list_runs(settings)
    row, link = view.controls.runs.children[1].children
    button = row.children[0]
    button.click()
    ended()
    found = re.search(r'download="report-.*?\.html" href="data:text/html;base64,([^"]+)"', link.value)
    assert found is not None and run.id in base64.b64decode(found[1]).decode()
    assert str(settings.home) in link.value
    view.refresh()
    assert link is view.controls.runs.children[1].children[1], "a refresh without news leaves the link there"
    prune_runs(settings, ids=[run.id])
    button.click()
    ended()
    assert 'role="alert"' in link.value and run.id in link.value


def test_wrong_values(tmp_path: Path) -> None:
    """A wrong value is said at once, and Run waits until it is mended."""
    view = view_of(write_notebook(tmp_path / "n.ipynb", code("xs = [1]", "parameters"), code("print(xs)")))
    view.form.fields[0].widget.value = "<script>"
    assert "N2P151" in view.controls.message.value and view.controls.run.disabled
    view.run()
    assert "" == view.controls.progress.value
    view.form.fields[0].widget.value = "[2]"
    assert ("", False) == (view.controls.message.value, view.controls.run.disabled)


def test_a_changed_notebook(tmp_path: Path) -> None:
    """Refresh shows the notebook as it is saved now; typed values stay while the parameters are the same."""
    path = tmp_path / "n.ipynb"
    view = view_of(write_notebook(path, *TWO_STEPS))
    view.form.fields[0].widget.value = 9
    write_notebook(path, *TWO_STEPS, code("print(nosuch)", "step:last"))
    view.controls.refresh.click()
    assert "N2P202" in view.controls.diagnostics.value and "<title>last: cell 6</title>" in view.controls.graph.value
    assert (True, 9) == (view.controls.run.disabled, view.form.fields[0].widget.value)
    write_notebook(path, code("rows = 4", "parameters"), code("print(rows)", "step:only"))
    view.controls.refresh.click()
    assert ([4], False) == ([field.widget.value for field in view.form.fields], view.controls.run.disabled)


def test_a_broken_notebook(tmp_path: Path) -> None:
    """A notebook that cannot be read any more leaves the last picture, greyed, and says why; one that is gone, too."""
    path = tmp_path / "n.ipynb"
    view = view_of(write_notebook(path, *TWO_STEPS))
    path.write_text("{", encoding="utf-8")
    view.controls.refresh.click()
    assert 'class="scroll stale"' in view.controls.graph.value and "make" in view.controls.graph.value
    assert "N2P0" in view.controls.diagnostics.value and view.controls.run.disabled
    path.unlink()
    view.controls.refresh.click()
    assert "No such file" in view.controls.message.value
    view.run()
    assert "" == view.controls.progress.value


def test_nothing_of_a_notebook_is_markup(tmp_path: Path) -> None:
    """Names, values, errors and prints of a notebook are text wherever the panel shows them."""
    mark = "<img src=x onerror=alert(1)>"
    folder = tmp_path / "a<b>"
    folder.mkdir()
    path = write_notebook(
        folder / f"{mark.replace('/', '')}.ipynb",
        code(f"p = {mark!r}  # {mark}", "parameters"),
        code(f"print({mark!r}, p)\nraise ValueError({mark!r})", "step:one"),
        code(f"nosuch_{{}}['{mark}'] = 1", "skip"),
    )
    view = view_of(path)
    view.controls.run.click()
    ended()
    text = shown(view)
    assert "ValueError" in text and "&lt;img src=x" in text
    assert "<img" not in text and "<script" not in text and "<b>.ipynb" not in text and "/a<b>" not in text


def test_a_run_from_before(tmp_path: Path, settings: Settings) -> None:
    """A panel that is opened while a run of its notebook goes on shows that run to its end, and can cancel it."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    run = start_run(RunOrder(path), settings)
    view = view_of(path)
    assert view.controls.run.disabled
    cancel_run(settings, run.id)
    ended()
    assert run.id in view.controls.progress.value and "cancelled" in view.controls.progress.value
    assert not view.controls.run.disabled


def test_bad_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is none, a wrong setting, or no ipywidgets is an error that says what to do."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    with pytest.raises(NotFoundError, match=r"there is no notebook 'm\.ipynb'"):
        panel("m.ipynb")
    with pytest.raises(NotFoundError, match="cannot tell which notebook"):
        panel()
    with monkeypatch.context() as patch:
        patch.setenv("NB2PIPE_EXECUTOR", "nosuch")
        with pytest.raises(SettingsError, match="nosuch"):
            panel(path)
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    with pytest.raises(SettingsError, match="needs ipywidgets") as caught:
        panel(path)
    assert "%pip install 'nb2pipe[widgets]'" in caught.value.hint
