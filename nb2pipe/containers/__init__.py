"""Container engines: podman or docker, spoken to by their command lines."""
