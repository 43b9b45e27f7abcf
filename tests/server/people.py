"""Who asks a server under test, and what each may do; Jupyter's configuration names these classes.

Ann may do all, Bob only look, Carl nothing with nb2pipe, Dora all but read files, and Emil all but approve.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.auth import Authorizer, IdentityProvider, User

TOKENS = {f"token-{name}": name for name in ("ann", "bob", "carl", "dora", "emil")}


class People(IdentityProvider):
    """Knows people by a token, or by a cookie as a browser has it."""

    def get_user(self, handler: Any) -> User | None:
        name = TOKENS.get(self.get_token(handler) or "")
        if name is not None:
            handler._token_authenticated = True
            return User(name)
        cookie = handler.get_cookie("who")
        return User(cookie) if cookie in TOKENS.values() else None


class Rules(Authorizer):
    """Says what each may do."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        refused = {
            "bob": action != "read",
            "carl": resource == "nb2pipe",
            "dora": (action, resource) == ("read", "contents"),
            "emil": resource == "nb2pipe.approvals",
        }
        return not refused.get(user.username, False)
