"""Use-cases of engines elsewhere: targets, runs that are sent there, and schedules that fire there."""
