"""Typed forms of values: files that programs in any language read and write, where bundles are Python's alone."""

from nb2pipe.artifacts.typed.choice import form_at, form_of
from nb2pipe.artifacts.typed.form import Serializer, TypedError

__all__ = ["Serializer", "TypedError", "form_at", "form_of"]
