"""The words behind the engine's program that run a program in a container."""

from __future__ import annotations

from collections.abc import Mapping

from nb2pipe.containers.engine import Engine
from nb2pipe.execution.containers.places import Mount
from nb2pipe.execution.containers.spec import OWNER_LABEL, Spec, limit_words, user_words, volume_words
from nb2pipe.execution.programs.request import OURS, Request

SECRETS = "secrets"
READ_SECRETS = f'. {OURS}/{SECRETS}; exec "$0" "$@"'


def program_words(
    request: Request,
    spec: Spec,
    engine: Engine,
    env: Mapping[str, str],
    *,
    name: str,
    owner: str,
    has_secrets: bool,
) -> list[str]:
    """The words.

    Args:
        request: what runs.
        spec: what the step's settings make of the container.
        engine: who runs it.
        env: environment variables of the step.
        name: of the container.
        owner: whose it is, for the label that it is found by.
        has_secrets: whether a file with secrets lies in the request's folder.
    """
    words = ["run", "--init", "--pull=never", "--log-driver=none", "--name", name]
    words += [] if request.copies else ["--rm"]
    words += ["--label", f"{OWNER_LABEL}={owner}"]
    words += [word for key, value in spec.labels for word in ("--label", f"{key}={value}")]
    words += user_words(engine)
    mounts = list(request.mounts)
    program, arguments = request.program, request.arguments
    if has_secrets:
        mounts.append(Mount(f"{request.folder}/{SECRETS}", f"{OURS}/{SECRETS}", read_only=True))
        arguments = ("-c", READ_SECRETS, program, *arguments)
    words += [word for mount in mounts for word in ("--mount", mount.argument())]
    words += volume_words(spec.volumes)
    words += ["--env", "HOME=/tmp"]
    words += [word for key, value in {**env, **request.environment}.items() for word in ("--env", f"{key}={value}")]
    words += limit_words(spec)
    for variable, secret in spec.secrets:
        words += ["--secret", f"{secret},type=env,target={variable}"]
    return [*words, "--entrypoint", program, spec.image, *arguments]
