"""When schedules are due, what becomes of due times, and the process that sees to it."""
