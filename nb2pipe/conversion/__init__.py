"""From a notebook to its pipeline: steps, what flows between them, and all that is to be said about it."""

from nb2pipe.conversion.build import build_pipeline, refuse_errors

__all__ = ["build_pipeline", "refuse_errors"]
