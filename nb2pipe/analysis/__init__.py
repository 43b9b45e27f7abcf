"""What the cells of a notebook read, bind, change and use, found without running them."""

from nb2pipe.analysis.digest import code_digest
from nb2pipe.analysis.effects import Effects
from nb2pipe.analysis.notebook import CodeCell, analyse

__all__ = ["CodeCell", "Effects", "analyse", "code_digest"]
