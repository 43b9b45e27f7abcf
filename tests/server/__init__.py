"""The service behind the lab."""
