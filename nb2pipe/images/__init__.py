"""Images for notebooks: what a notebook imports becomes a Containerfile, an image, and a record of it."""
