"""Programs of container cells: values become files, a container runs, files become values."""
