"""How fast: what the README's table says, measured against the rival or the physical limit in one run."""
