"""The record of images, names in registries, and what a build is lent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.images.access import lend_access
from nb2pipe.images.push import full_name
from nb2pipe.images.record import BuiltImage, built_image, record_image

IMAGE = BuiltImage(
    "localhost/nb2pipe/n:1", "1d", "sha256:aa", "c0", "example.org:5000/n:1", "podman", "example.org/base:1"
)


def test_a_record_is_found_by_the_resolved_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the notebook is named: relative, absolute, through a link."""
    (tmp_path / "n.ipynb").touch()
    (tmp_path / "link.ipynb").symlink_to("n.ipynb")
    monkeypatch.chdir(tmp_path)
    written = record_image(tmp_path / "home", "n.ipynb", IMAGE)
    assert written == replace(IMAGE, built_at=written.built_at)
    for path in ("n.ipynb", "./n.ipynb", "link.ipynb", str(tmp_path / "n.ipynb")):
        assert written == built_image(tmp_path / "home", path)
    assert None is built_image(tmp_path / "home", "other.ipynb")
    told = record_image(tmp_path / "home", "n.ipynb", replace(IMAGE, imports=("numpy", "pandas")))
    assert (told, ("numpy", "pandas")) == (built_image(tmp_path / "home", "n.ipynb"), told.imports)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"tag": "x"}', "\udcff", json.dumps({"tag": 1})])
def test_a_damaged_record_is_no_record(tmp_path: Path, text: str) -> None:
    """Cut, empty, of another form: as if nothing had been built."""
    record_image(tmp_path, "n.ipynb", IMAGE)
    [file] = (tmp_path / "images").iterdir()
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert None is built_image(tmp_path, "n.ipynb")
    for wrong in ({"content": 7}, {"imports": "numpy"}, {"imports": [7]}):
        file.write_text(json.dumps({**IMAGE.__dict__, **wrong}))
        assert None is built_image(tmp_path, "n.ipynb")


def test_references_name_the_digest() -> None:
    """``REGISTRY/NAME@DIGEST``, whether the registry has a port or not; none before a push."""
    assert "example.org:5000/n@sha256:aa" == IMAGE.reference
    assert "example.org/n@sha256:aa" == replace(IMAGE, pushed="example.org/n").reference
    assert "" == replace(IMAGE, digest="").reference


def test_names_in_registries() -> None:
    """A tag is made of the content where none is given; what is no name is refused."""
    assert "example.org/a/b:7" == full_name("example.org/a/b:7", "0123456789abcdef")
    assert "localhost:5000/b:0123456789ab" == full_name("localhost:5000/b", "0123456789abcdef")
    for wrong in ("b", "team/b", "example.org/B", "https://example.org/b", "example.org/", "example.org/b:"):
        with pytest.raises(SettingsError, match="is no name in a registry"):
            full_name(wrong, "0")


def test_a_build_is_lent_what_pip_has_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Index, folders and certificates, with folders put where the build sees them, in a file for the owner alone."""
    for name in ("index/simple", "wheels", "lent"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "ca.pem").touch()
    (tmp_path / "pip.conf").write_text(
        f"[global]\nindex-url = https://me:secret@example.org/simple\nextra-index-url = file://{tmp_path}/index/simple\n"
        f"cert = {tmp_path}/ca.pem\nquiet = 1\n"
    )
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    access = lend_access(tmp_path / "lent", {"find-links": [str(tmp_path / "wheels")]})
    conf = access.files["pip.conf"]
    assert 0o600 == conf.stat().st_mode & 0o777
    lines = set(conf.read_text("utf-8").splitlines())
    index, wheels = access.folders[tmp_path / "index"], access.folders[tmp_path / "wheels"]
    assert {
        "index-url = https://me:secret@example.org/simple",
        "cert = /run/nb2pipe/ca.crt",
        f"find-links = {wheels}",
    } <= lines
    assert any(line.startswith("extra-index-url = ") and f"file://{index}/simple" in line for line in lines)
    assert tmp_path / "ca.pem" == access.files["ca.crt"]
    assert "quiet" not in conf.read_text("utf-8")
