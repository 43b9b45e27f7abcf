"""Notices to people: by webhook, Slack, e-mail or a command of theirs. It does not decide what is told of."""
