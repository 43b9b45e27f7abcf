"""Steps in containers: the worker runs inside, and everything crosses by shared folders and two pipes."""
