"""Images for notebooks: what goes into them, found without an engine."""
