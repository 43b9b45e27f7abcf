"""A person's approval before a step, as far as the execution of a run goes: asked, awaited, refused."""
