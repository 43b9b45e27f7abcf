"""What runs in a pod: takes over what earlier steps left, runs one step by the worker, leaves what later ones need."""
