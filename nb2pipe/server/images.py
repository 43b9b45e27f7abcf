"""Operations on images: say what one lacks, build one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from nb2pipe.app.detached import settings_for
from nb2pipe.app.images.builds import BuildOrder, build_log, cancel_build, start_build
from nb2pipe.app.images.data import check_data
from nb2pipe.app.images.making import check_images
from nb2pipe.app.images.records import list_builds, read_build
from nb2pipe.model.build import ImageBuild
from nb2pipe.model.json import to_json
from nb2pipe.server.asking import Asked
from nb2pipe.server.contents import Contents
from nb2pipe.server.service import Service
from nb2pipe.server.words import in_words_of_the_service


def check(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """What the images of a notebook's steps lack."""
    body, path = asked.body, service.contents().notebook(asked.body["path"])
    settings = settings_for(path, service.settings())
    return [check_data(each) for each in check_images(path, settings, body.get("image"), body.get("engine"))]


def start(service: Service, asked: Asked) -> dict[str, Any]:
    """Start a build that goes on whatever becomes of this server."""
    body, contents = asked.body, service.contents()
    words = {name: body.get(name) for name in ("base", "tag", "push", "engine")}
    order = BuildOrder(contents.notebook(body["path"]), **words, user=asked.user)
    return build_json(start_build(order, service.settings()), contents)


def listed(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """The latest builds, newest first."""
    contents = service.contents()
    found = islice(list_builds(service.settings().home), asked.query["limit"])
    return [build_json(build, contents) for build in found]


def show(service: Service, asked: Asked) -> dict[str, Any]:
    """One build."""
    return build_json(read_build(service.settings().home, asked.words["build"]), service.contents())


def log(service: Service, asked: Asked) -> dict[str, Any]:
    """A part of what the engine printed."""
    query = asked.query
    return vars(build_log(service.settings(), asked.words["build"], query["offset"], query["limit"]))


def cancel(service: Service, asked: Asked) -> dict[str, Any]:
    """Ask a build to stop; its state says when it has."""
    build, was_asked = cancel_build(service.settings(), asked.words["build"], user=asked.user)
    return {"build": build_json(build, service.contents()), "was_going": was_asked}


def build_json(build: ImageBuild, contents: Contents) -> dict[str, Any]:
    """A build as clients see it."""
    return shown(to_json(build), contents)


def shown(data: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """The data of a build with its notebook's path as clients name it."""
    told = {name: in_words_of_the_service(data[name]) for name in ("message", "hint")}
    return {**data, **told, "notebook": contents.relative(data["notebook_path"])}
