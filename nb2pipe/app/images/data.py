"""What came of building an image, and of looking into one, as JSON-ready data for programs."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.images.making import BuildResult, ImageCheck
from nb2pipe.report.data import diagnostic_data


def build_data(result: BuildResult) -> dict[str, Any]:
    """An image that was built, or found up to date."""
    image = result.image
    return {
        "notebook": result.plan.notebook.path,
        "tag": image.tag,
        "image_id": image.image_id,
        "content": image.content,
        "built": result.built,
        "duration_s": round(result.duration_s, 3),
        "base": result.recipe.base,
        "engine": image.engine,
        "pushed": image.pushed or None,
        "digest": image.digest or None,
        "reference": image.reference or None,
        "packages": [
            {"name": need.distribution or need.module, "version": need.version or None, "why": need.why}
            for need in result.plan.needs
        ],
        "modules": [file.target for file in result.plan.modules],
        "diagnostics": [diagnostic_data(found) for found in result.plan.diagnostics],
    }


def check_data(check: ImageCheck) -> dict[str, Any]:
    """What an image lacks."""
    return {
        "image": check.image,
        "steps": list(check.steps),
        "ok": check.is_enough,
        "lacks": [
            {
                "severity": lack.severity,
                "what": lack.what,
                "here": lack.here or None,
                "inside": lack.inside or None,
                "why": lack.why,
                "line": lack.line or None,
            }
            for lack in check.lacks
        ],
    }
