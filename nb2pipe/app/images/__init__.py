"""Images: built for a notebook, looked into, and builds that go on by themselves."""
