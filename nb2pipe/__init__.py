"""nb2pipe: turn the notebook you have into a pipeline that anyone can run again."""

__version__ = "0.1.0"
