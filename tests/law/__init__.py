"""The law's bench: what a pipeline gives, held against what Run All gives, cell by cell."""
