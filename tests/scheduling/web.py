"""A web server with one page, which tests change."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web:
    """One page, and what was asked for.

    Args:
        port: where it is.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/data.csv"
        self.content = b"1"
        self.headers = {"ETag": '"1"'}
        self.status = 200
        self.refuses_head = False
        self.asked: list[str] = []
        self.secrets: set[str] = set()


@contextlib.contextmanager
def web_server() -> Iterator[Web]:
    """A server, as long as one is inside."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.command)
            web.secrets.add(self.headers["Authorization"] or "")
            if self.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", web.url)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            is_head = self.command == "HEAD"
            self.send_response(405 if is_head and web.refuses_head else web.status)
            for name, value in web.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(web.content)))
            self.end_headers()
            if not is_head:
                self.wfile.write(web.content)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        web = Web(server.server_port)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()
