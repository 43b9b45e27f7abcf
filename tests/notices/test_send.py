"""Sending: what a web server and a program get, and what is said when they do not take it."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nb2pipe.notices.outcome import Outcome
from nb2pipe.notices.send import send
from nb2pipe.notices.webhook import retry_after_s
from tests.notices.receivers import Answer, Web, a_certificate, silent_server
from tests.notices.values import a_channel, a_notice

SENT = Outcome(is_sent=True)


def test_webhook(web: Web, tmp_path: Path) -> None:
    """A webhook gets JSON that says what, where, when, by whom and what to type, with the notice's number."""
    (tmp_path / "token").write_text("Bearer sesame\n")
    headers = {"Authorization": f"file:{tmp_path / 'token'}", "X-Team": "data"}
    assert SENT == send(a_channel("webhook", url=web.url("/hook"), headers=headers), a_notice())
    got = web.next()
    sent = [got.headers[name] for name in ("authorization", "x-team", "x-nb2pipe-notice", "x-nb2pipe-event")]
    assert ["Bearer sesame", "data", "0123456789abcdef", "failure"] == sent
    assert {"number": 3, "id": "b2", "line": 7} == got.data["cell"]
    assert {"name": "ValueError", "message": "no rows"} == got.data["error"]
    said = [got.data[name] for name in ("id", "event", "schedule", "step", "user", "host", "failures")]
    assert ["0123456789abcdef", "failure", "nightly", "fit", "ann", "laptop", 2] == said
    assert "nb2pipe runs show 20261124-120000-abcdefg" == got.data["command"]
    assert "nb2pipe: nightly failed in step 'fit': ValueError" == got.data["subject"]


def test_slack(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack gets a text in its markup, in which nothing of the user's is a mention, a link or the end of a block."""
    monkeypatch.setenv("SLACK", web.url("/services/T/B/secret"))
    notice = a_notice(error_line="```<!channel> *x* & @here", schedule="<b>")
    assert SENT == send(a_channel("slack", url="env:SLACK"), notice)
    got = web.next()
    assert (["text"], "/services/T/B/secret") == (list(got.data), got.path)
    text = got.data["text"]
    assert 2 == text.count("```") and "<" not in text and "&lt;!channel&gt;" in text and "@here" not in text
    assert "cell 3 (id b2), line 7" in text and "`nb2pipe runs show 20261124-120000-abcdefg`" in text


@pytest.mark.parametrize(
    ("answer", "reason", "is_final", "retry_after_s"),
    [
        (Answer(500, {}, "broken\nbadly"), "it answered 500 Internal Server Error: broken badly", False, None),
        (Answer(503, {"Retry-After": "120"}), "it answered 503 Service Unavailable", False, 120.0),
        (Answer(429, {"Retry-After": "7"}), "it answered 429 Too Many Requests", False, 7.0),
        (Answer(429, {"Retry-After": "soon"}), "it answered 429 Too Many Requests", False, None),
        (Answer(404, {}, "no_service"), "it answered 404 Not Found: no_service", True, None),
        (Answer(302, {"Location": "/other"}), "a redirection is not followed", True, None),
        (Answer(0), "it closed the connection without an answer", False, None),
    ],
)
def test_web_servers_that_refuse(
    web: Web, answer: Answer, reason: str, is_final: bool, retry_after_s: float | None
) -> None:
    """Each answer is told as it came; what may pass is tried again, when the server says so, and the rest is not."""
    web.answers = [answer]
    outcome = send(a_channel("webhook", url=web.url()), a_notice())
    assert reason in outcome.reason
    assert (False, is_final, retry_after_s) == (outcome.is_sent, outcome.is_final, outcome.retry_after_s)
    assert 1 == len(web.rest())


@pytest.mark.parametrize("status", [-1, -2], ids=["silent", "dripping"])
def test_web_servers_that_never_end(web: Web, status: int) -> None:
    """A server that says nothing, or a byte now and then without end, is left after the channel's time."""
    web.answers = [Answer(status)]
    outcome = send(a_channel("webhook", url=web.url(), timeout_s=0.5), a_notice())
    assert outcome.reason in ("it took longer than 0.5 s", "it did not answer in time")


def test_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's certificate is checked, and one that says nothing while encryption begins is left in time."""
    certificate, context = a_certificate(tmp_path)
    monkeypatch.setenv("no_proxy", "*")
    with Web(context) as web:
        channel = a_channel("webhook", url=web.url())
        refused = send(channel, a_notice())
        assert "certificate verify failed" in refused.reason and not refused.is_sent
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert SENT == send(channel, a_notice())
        assert 1 == len(web.rest())
        web.answers = [Answer(-2)]
        assert not send(a_channel("webhook", url=web.url(), timeout_s=0.5), a_notice()).is_sent
    with silent_server() as port:
        silent = send(a_channel("webhook", url=f"https://127.0.0.1:{port}/", timeout_s=0.5), a_notice())
    assert silent.reason in ("it took longer than 0.5 s", "it did not answer in time")


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, or nothing is behind a reference, that is said, and it is tried again."""
    outcome = send(a_channel("webhook", url="http://127.0.0.1:1/"), a_notice())
    assert ("Connection refused", False) == (outcome.reason, outcome.is_final)
    monkeypatch.delenv("NOWHERE", raising=False)
    outcome = send(a_channel("slack", url="env:NOWHERE"), a_notice())
    assert "environment variable 'NOWHERE' is not set where" in outcome.reason and not outcome.is_final
    monkeypatch.setenv("NOWHERE", "ftp://example.com")
    assert "neither https:// nor http://" in send(a_channel("slack", url="env:NOWHERE"), a_notice()).reason
    assert "cannot read" in send(a_channel("webhook", url="file:/nothing/here"), a_notice()).reason


def test_no_secret_is_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a server repeats, and whatever Python says of a wrong address, no reason holds a secret."""
    monkeypatch.setenv("HOOK", web.url("/services/T0001/hunter2?key=hunter3"))
    monkeypatch.setenv("TOKEN", "Bearer hunter4")
    web.answers = [Answer(500, {}, "no /services/T0001/hunter2 for key hunter3 and Bearer hunter4")]
    channel = a_channel("webhook", url="env:HOOK", headers={"Authorization": "env:TOKEN"})
    reasons = [send(channel, a_notice()).reason]
    monkeypatch.setenv("HOOK", "http://127.0.0.1:1/hunter2 and a blank")
    reasons.append(send(channel, a_notice()).reason)
    monkeypatch.setenv("HOOK", web.url())
    monkeypatch.setenv("TOKEN", "hunter4\nX-Other: hunter4")
    reasons.append(send(channel, a_notice()).reason)
    assert [] == [reason for reason in reasons if not reason or "hunter" in reason]


def test_retry_after() -> None:
    """Seconds and dates are understood; nonsense is not, and nothing holds for longer than a day."""
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    texts = {"30": 30.0, "Tue, 24 Nov 2026 12:01:00 GMT": 60.0, "-5": 0.0, "1e9": 86400.0, "nan": None, "": None}
    assert texts == {text: retry_after_s(text, now) for text in texts}
    assert 0.0 == retry_after_s("Tue, 24 Nov 2026 11:00:00 GMT", now)


def test_command(tmp_path: Path) -> None:
    """A program gets the same JSON on its standard input, and runs in the settings file's folder."""
    code = "import sys; open('got.json', 'w').write(sys.stdin.read())"
    channel = a_channel("command", argv=(sys.executable, "-c", code), folder=str(tmp_path))
    assert SENT == send(channel, a_notice())
    assert "0123456789abcdef" == json.loads((tmp_path / "got.json").read_text())["id"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; print('one'); sys.exit('two')", "ended with code 1: two"),
        ("import os; os.kill(os.getpid(), 9)", "was killed by signal 9"),
        ("import subprocess; subprocess.run(['sleep', '100'])", "took longer than 3 s"),
    ],
)
def test_commands_that_fail(tmp_path: Path, code: str, reason: str) -> None:
    """How a program ended and its last line are told; one that takes too long is killed with what it started."""
    channel = a_channel("command", argv=(sys.executable, "-c", code), folder=str(tmp_path), timeout_s=3.0)
    outcome = send(channel, a_notice())
    assert reason in outcome.reason and not outcome.is_sent
    missing = send(a_channel("command", argv=("no-such-program",), folder=str(tmp_path)), a_notice())
    assert "'no-such-program' cannot be started: No such file or directory" == missing.reason


def test_many_at_once(web: Web) -> None:
    """Threads send side by side without mixing anything up."""
    outcomes: list[Outcome] = []
    channel = a_channel("webhook", url=web.url())
    threads = [
        threading.Thread(target=lambda number=number: outcomes.append(send(channel, a_notice(id=f"n{number}"))))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [SENT] * 8 == outcomes
    assert {f"n{number}" for number in range(8)} == {got.data["id"] for got in web.rest()}
