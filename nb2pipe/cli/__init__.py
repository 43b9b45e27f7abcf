"""The command line ``nb2pipe``: parses and prints; what happens stands in ``nb2pipe.app``."""
