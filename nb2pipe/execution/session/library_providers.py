"""Ambient state of libraries and of IPython itself."""

from __future__ import annotations
import __future__

import sys
import warnings
from dataclasses import dataclass
from typing import Any

from nb2pipe.execution.session.open_figures import OpenFigures
from nb2pipe.execution.session.providers import Provider

KEPT_AS_TEXT = __future__.annotations.compiler_flag
INLINE = "inline"
NOT_CARRIED = frozenset({"backend_fallback", "interactive"})


class PandasOptions:
    """pandas' options that are not at their default."""

    key: str = "pandas.options"
    module: str = "pandas"

    def capture(self) -> Any:
        """Option to value, defaults left out."""
        config = sys.modules["pandas._config.config"]
        found = {}
        for name, option in config._registered_options.items():
            value: Any = config._global_config
            for part in name.split("."):
                value = value[part]
            if value is not option.defval and value != option.defval:
                found[name] = value
        return found

    def restore(self, state: Any) -> None:
        """Set them; those not named go back to their default."""
        pandas = sys.modules["pandas"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in self.capture():
                if name not in state:
                    pandas.reset_option(name)
            for name, value in state.items():
                pandas.set_option(name, value)


class MatplotlibParameters:
    """matplotlib's settings that are not at their default."""

    key: str = "matplotlib.rcParams"
    module: str = "matplotlib"

    def capture(self) -> Any:
        """Name to value, defaults left out."""
        matplotlib = sys.modules["matplotlib"]
        defaults = matplotlib.rcParamsDefault
        found = {}
        for name, value in dict.items(matplotlib.rcParams):
            if name == "backend":
                value = INLINE if INLINE in str(value) or not isinstance(value, str) else value
                if value != INLINE:
                    found[name] = value
            elif name not in NOT_CARRIED and value != dict.get(defaults, name):
                found[name] = value
        return found

    def restore(self, state: Any) -> None:
        """Set them; those not named go back to their default."""
        matplotlib = sys.modules["matplotlib"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in self.capture():
                if name not in state and name != "backend":
                    matplotlib.rcParams[name] = dict.get(matplotlib.rcParamsDefault, name)
            for name, value in state.items():
                if name == "backend":
                    matplotlib.use(value)
                else:
                    matplotlib.rcParams[name] = value


class NumpyPrinting:
    """How NumPy prints arrays."""

    key: str = "numpy.printoptions"
    module: str = "numpy"

    def capture(self) -> Any:
        """The options."""
        return dict(sys.modules["numpy"].get_printoptions())

    def restore(self, state: Any) -> None:
        """Set them."""
        sys.modules["numpy"].set_printoptions(**state)


class NumpyErrors:
    """What NumPy does about floating-point errors, and the size of its buffers."""

    key: str = "numpy.errstate"
    module: str = "numpy"

    def capture(self) -> Any:
        """The settings; a function that errors are told to is not carried."""
        numpy = sys.modules["numpy"]
        return {"errors": dict(numpy.geterr()), "buffer": numpy.getbufsize()}

    def restore(self, state: Any) -> None:
        """Set them."""
        numpy = sys.modules["numpy"]
        numpy.seterr(**state["errors"])
        if numpy.getbufsize() != state["buffer"]:
            numpy.setbufsize(state["buffer"])


class SklearnConfiguration:
    """scikit-learn's configuration."""

    key: str = "sklearn"
    module: str = "sklearn"

    def capture(self) -> Any:
        """The options."""
        return dict(sys.modules["sklearn"].get_config())

    def restore(self, state: Any) -> None:
        """Set them."""
        sys.modules["sklearn"].set_config(**state)


@dataclass
class Extensions:
    """IPython's extensions.

    Args:
        shell: IPython's shell.
    """

    shell: Any
    key: str = "extensions"
    module: str = "IPython"

    def capture(self) -> Any:
        """Names of those loaded."""
        return sorted(self.shell.extension_manager.loaded)

    def restore(self, state: Any) -> None:
        """Load those that are not."""
        for name in state:
            if name not in self.shell.extension_manager.loaded:
                self.shell.extension_manager.load_extension(name)


@dataclass
class Annotations:
    """Whether annotations are kept as text, as a future import has it for all cells after it.

    Args:
        shell: IPython's shell.
    """

    shell: Any
    key: str = "annotations"
    module: str = "IPython"

    def capture(self) -> Any:
        """Whether they are."""
        return bool(self.shell.compile.flags & KEPT_AS_TEXT)

    def restore(self, state: Any) -> None:
        """Have it so."""
        compiler = self.shell.compile
        compiler.flags = compiler.flags | KEPT_AS_TEXT if state else compiler.flags & ~KEPT_AS_TEXT


def library_providers(shell: Any) -> list[Provider]:
    """Ambient state of libraries and of IPython itself."""
    return [
        PandasOptions(),
        MatplotlibParameters(),
        NumpyPrinting(),
        NumpyErrors(),
        SklearnConfiguration(),
        OpenFigures(),
        Extensions(shell),
        Annotations(shell),
    ]
