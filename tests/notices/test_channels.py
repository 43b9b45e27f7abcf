"""Channels in the user's settings file, and who is told of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.model import ALL_EVENTS, NoticeEvent, Notify
from nb2pipe.notices.words import changed_notify, events_of_runs, notify_text, read_notify, with_channels
from nb2pipe.settings import load_channel, load_channels, load_settings
from nb2pipe.settings.values import EVENTS
from tests.notices.values import Settings, a_channel

MAIL = "[notices.a]\nkind = 'email'\nhost = 'h'\nfrom = 'a@b.c'\nto = 'd@e.f'\n"
HOOK = "[notices.a]\nkind = 'webhook'\nurl = 'https://h/x'\n"


def test_all_kinds(own: Settings, tmp_path: Path) -> None:
    """Each kind is read, with its defaults; a file is meant from where the settings file is."""
    own.write(
        "[notices.team]\nkind = 'slack'\nurl = 'file:slack-url'\nonly_first = true\n"
        "[notices.ops]\nkind = 'email'\nhost = 'mail'\nfrom = 'n@b.c'\nto = ['d@e.f', 'g@h.i']\nuser = 'u'\n"
        "password = 'env:PASSWORD'\n"
        "[notices.tls]\nkind = 'email'\nhost = 'localhost'\nfrom = 'n@b.c'\nto = 'd@e.f'\ntls = 'tls'\n"
        "[notices.hook]\nkind = 'webhook'\nurl = 'https://h/x'\nheaders = {Authorization = 'file:token', X-A = 'b'}\n"
        "[notices.pager]\nkind = 'command'\nargv = ['./page', 'a b']\ntimeout_s = 5\n"
    )
    found = load_channels()
    folder = str(own.path.parent)
    assert (f"file:{folder}/slack-url", True) == (found["team"].url, found["team"].only_first)
    assert (587, "starttls", ("d@e.f", "g@h.i")) == (found["ops"].port, found["ops"].tls, found["ops"].to)
    assert 465 == found["tls"].port
    assert {"Authorization": f"file:{folder}/token", "X-A": "b"} == found["hook"].headers
    pager = found["pager"]
    assert (("./page", "a b"), folder, 5.0) == (pager.argv, pager.folder, pager.timeout_s)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MAIL + "user = 'u'\npassword = 'hunter2'\n", "by reference: 'env:NAME'"),
        (MAIL + "user = 'env:U'\n", "no 'password'"),
        (MAIL + "user = 'u'\npassword = 'env:P'\ntls = 'none'\n", "unencrypted"),
        (MAIL + "tls = 'ssl'\n", "'starttls'"),
        (MAIL + "port = 0\n", "from 1 to 65535"),
        (MAIL.replace("'d@e.f'", "'Dan <d@e.f>'"), "without a name"),
        (MAIL.replace("'d@e.f'", "[]"), "a list of them"),
        (MAIL.replace("'d@e.f'", "'d@e.f\\nBcc: x@y.z'"), "is wrong"),
        (MAIL.replace("host", "hots"), "Did you mean 'host'"),
        ("[notices.a]\nkind = 'email'\nhost = 'h'\n", "has no 'from'"),
        ("[notices.a]\nkind = 'slack'\nurl = 'https://hooks.slack.com/services/T/B/hunter2'\n", "by reference"),
        ("[notices.a]\nkind = 'slack'\nurl = 'env:'\n", "by reference"),
        (HOOK.replace("https://h", "https://u:hunter2@h"), "holds a password"),
        (HOOK.replace("/x", "/x?token=hunter2"), "holds a password"),
        (HOOK.replace("https", "ftp"), "https://"),
        (HOOK + "headers = {Authorization = 'Bearer hunter2'}\n", "'Authorization' by reference"),
        (HOOK + "headers = {Content-Type = 'text/plain'}\n", "cannot be set: 'Content-Type'"),
        (HOOK + "headers = 'X: y'\n", "a table"),
        (HOOK + "timeout_s = 601\n", "at most 600"),
        (HOOK + "only_first = 1\n", "true or false"),
        (HOOK + "argv = ['x']\n", "Known for 'webhook': kind, timeout_s, only_first, url, headers"),
        ("[notices.a]\nkind = 'command'\nargv = 'rm -rf x'\n", "no shell"),
        ("[notices.a]\nkind = 'command'\nargv = []\n", "begin with a program"),
        ("[notices.a]\nkind = 'emial'\n", "'emial'"),
        ("[notices.a]\nurl = 'x'\n", "has no 'kind'"),
        ("[notices.none]\nkind = 'slack'\n", "mean something else"),
        ("[notices.'a:b']\nkind = 'slack'\n", "Use letters"),
        ("notices = 3\n", "not made of tables"),
        ("[notices]\na = 1\n", "not made of tables"),
    ],
)
def test_wrong_channels(own: Settings, text: str, message: str) -> None:
    """What is wrong with a channel is said with what to write instead; no secret is repeated, and runs go on."""
    own.write(text)
    with pytest.raises(SettingsError) as refused:
        load_channels()
    assert message in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert () == load_settings().notify


def test_one_wrong_channel_stops_no_other(own: Settings) -> None:
    """What is sent by one channel does not depend on whether others are right."""
    own.write(HOOK + "[notices.b]\nkind = 'emial'\n")
    channel = load_channel("a")
    assert channel is not None and "https://h/x" == channel.url
    assert None is load_channel("c")
    with pytest.raises(SettingsError, match="emial"):
        load_channel("b")


def test_only_the_user_has_channels(own: Settings, tmp_path: Path) -> None:
    """A project's file can say who is told, but not how; none of either is no channel at all."""
    assert {} == load_channels()
    (tmp_path / "nb2pipe.toml").write_text("notify = ['team:failure,late']\n")
    assert ("team:failure,late",) == load_settings(cwd=tmp_path).notify
    (tmp_path / "nb2pipe.toml").write_text(HOOK)
    with pytest.raises(SettingsError, match="project's settings"):
        load_settings(cwd=tmp_path)


@pytest.mark.parametrize("text", ["team:failed", "team:", ":failure", "a b:late", "team:failure,,late"])
def test_wrong_defaults(text: str) -> None:
    """The setting ``notify`` names channels and events that there are, in a file and in the environment."""
    with pytest.raises(SettingsError, match="events out of failure"):
        load_settings({"notify": [text]})
    assert ("a", "b:late") == load_settings(env={"NB2PIPE_NOTIFY": "a  b:late"}).notify
    assert list(EVENTS) == [event.value for event in ALL_EVENTS]


def test_who_is_told() -> None:
    """A channel alone stands for all events, said twice for both, and everything can be written back."""
    channels = {"team": a_channel("slack"), "ops": a_channel("email", only_first=True)}
    found = read_notify(["team:late,failure", "ops", "team:recovery"], channels)
    three = (NoticeEvent.FAILURE, NoticeEvent.RECOVERY, NoticeEvent.LATE)
    assert (Notify("team", three), Notify("ops")) == found
    assert found == read_notify([notify_text(each) for each in found], channels)
    first = (Notify("ops", ALL_EVENTS, only_first=True),)
    assert first == read_notify(["ops:only_first"], channels) == with_channels((Notify("ops"),), channels)
    assert ["ops:only_first"] == [notify_text(each) for each in first]
    assert (Notify("ops", (NoticeEvent.FAILURE, NoticeEvent.APPROVAL)),) == events_of_runs((Notify("ops"),))


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("taem", "N2P901", "Did you mean 'team'?"),
        ("other", "N2P901", "There are: team."),
        ("team:failed", "N2P902", "Did you mean 'failure'?"),
        ("team:", "N2P902", "There are: failure, recovery, late, approval"),
    ],
)
def test_nobody_to_tell(text: str, code: str, message: str) -> None:
    """An unknown channel or event is refused, with those that there are."""
    with pytest.raises(SettingsError) as refused:
        read_notify([text], {"team": a_channel("slack")})
    assert [code] == [found.code for found in refused.value.diagnostics]
    assert message in str(refused.value)
    with pytest.raises(SettingsError, match=r"Write \[notices.team\]"):
        read_notify(["team"], {})


def test_changed() -> None:
    """What is not said stays; ``none`` is nobody, ``default`` whom the settings name."""
    channels, before = {"team": a_channel("slack")}, (Notify("ops"),)
    assert before == changed_notify(None, before, channels)
    assert () == changed_notify(["none"], before, channels)
    assert None is changed_notify(["default"], before, channels)
    assert (Notify("team"),) == changed_notify(["team"], before, channels)
