"""What the words of ``nb2pipe run`` ask for, checked as far as that can be done before anything is run."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.app.executors import Executors
from nb2pipe.app.files import check_apart, check_writable
from nb2pipe.app.parameters import Given, given_parameters
from nb2pipe.app.plan import RunPlan, RunRequest, plan_run
from nb2pipe.cli.flags import RunFlags, autosave_seconds
from nb2pipe.model import Notify
from nb2pipe.settings import Settings


def plan(flags: RunFlags, settings: Settings, executors: Executors) -> RunPlan:
    """What is to be run.

    Args:
        flags: the command line.
        settings: the settings in force.
        executors: for the run, perhaps already warm.

    Raises:
        RefusedError: it cannot be run.
        SettingsError: a file cannot be written, or a setting is wrong.
    """
    check_streams(flags)
    return plan_run(replace(request_of(flags), notify=_wanted_notify(flags)), settings, executors)


def _wanted_notify(flags: RunFlags) -> tuple[Notify, ...]:
    if not flags.notify:
        return ()
    from nb2pipe.app.told import wanted_notify  # what sends is loaded by the few runs that need it

    return wanted_notify(flags.notify)


def check_streams(flags: RunFlags) -> None:
    """Refuse files for what the cells print that cannot be written, or that hold something else of the run.

    Raises:
        SettingsError: says which.
    """
    streams = [(f"the file for {name}", path or "") for name, path in stream_files(flags)]
    for what, path in streams:
        check_writable(path, what)
    check_apart(("the notebook", flags.notebook), ("the report", flags.report), *streams)
    check_apart(("the executed notebook", flags.output), *streams)


def request_of(flags: RunFlags) -> RunRequest:
    """What the user asks for."""
    return RunRequest(
        notebook=flags.notebook,
        output=flags.output,
        given=given_of(flags),
        report=flags.report,
        cwd=flags.cwd,
        kernel_name=flags.kernel,
        tags=tuple(flags.tags),
        timeout_s=flags.timeout,
        approve=tuple(flags.approve),
        from_step=flags.from_step,
        autosave_s=autosave_seconds(flags),
        hide_inputs=flags.report_mode,
    )


def given_of(flags: RunFlags) -> Given:
    """Parameters from all options that give any."""
    paths = {}
    if flags.inject_input_path or flags.inject_paths:
        paths["PAPERMILL_INPUT_PATH"] = flags.notebook
    if flags.inject_output_path or flags.inject_paths:
        paths["PAPERMILL_OUTPUT_PATH"] = flags.output
    return given_parameters(
        values=paths,
        base64_texts=flags.parameters_base64,
        files=flags.parameters_file,
        yaml_texts=flags.parameters_yaml,
        texts=flags.parameters,
        raw=flags.parameters_raw,
    )


def stream_files(flags: RunFlags) -> tuple[tuple[str, str | None], ...]:
    """Options that name a file for what the cells print, with the file."""
    return (("stdout", flags.stdout_file), ("stderr", flags.stderr_file))
