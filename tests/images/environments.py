"""Environments made of metadata alone, and notebooks beside files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.images.installed import Environment, installed_here
from nb2pipe.images.plan import ImagePlan, plan_image
from nb2pipe.notebook import read_notebook
from tests.notebook.building import document


@dataclass(frozen=True)
class Site:
    """A folder ``site-packages``."""

    folder: Path

    def add(
        self,
        name: str,
        version: str = "1.0",
        *,
        files: Sequence[str] = (),
        needs: Sequence[str] = (),
        direct_url: Mapping[str, Any] | None = None,
    ) -> None:
        """Put a distribution there, as pip leaves it.

        Args:
            files: paths that its record lists; a package of its name if there are none.
            needs: its requirements.
            direct_url: what it was installed from, None for an index.
        """
        info = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs)]
        (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines, ""]))
        listed = files or [f"{name.replace('-', '_')}/__init__.py"]
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in [*listed, f"{info.name}/METADATA"]))
        if direct_url is not None:
            (info / "direct_url.json").write_text(json.dumps(direct_url))

    @property
    def environment(self) -> Environment:
        """What is there, and nothing else."""
        return installed_here([str(self.folder)])


def usual_site(folder: Path) -> Site:
    """What nb2pipe needs, and pandas with what it needs."""
    site = Site(folder / "site-packages")
    for name in ("papermill", "ipykernel", "cloudpickle", "numpy", "pyarrow"):
        site.add(name)
    site.add("pandas", "3.1.1", needs=["numpy>=1", "tzdata; sys_platform == 'win32'", "pyarrow; extra == 'parquet'"])
    return site


def plan_of(folder: Path, site: Site, *cells: dict[str, Any], metadata: Mapping[str, Any] | None = None) -> ImagePlan:
    """The plan of a notebook in a folder."""
    path = folder / "n.ipynb"
    path.write_text(json.dumps(document(*cells, metadata=metadata)), encoding="utf-8")
    return plan_image(read_notebook(str(path)), site.environment)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, by path."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
