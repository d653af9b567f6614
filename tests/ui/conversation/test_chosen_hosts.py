"""Through whom models are asked, from one run to the next."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tokviz.ui.common.settings import Settings
from tokviz.ui.conversation.chosen_hosts import ChosenHosts
from tokviz.worker.conversation_store import Source

ONE, OTHER = Source(Path("one.json")), Source(Path("other.json"))


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


def test_what_was_chosen_is_usual_in_the_next_run(store: QSettings) -> None:
    hosts = ChosenHosts(Settings(store))
    assert hosts.applied(ONE, 0) == ONE
    for host in ("groq", "gemini-vertex", "groq"):
        hosts.choose(host, ONE, 0)
    assert hosts.applied(ONE, 0) == Source(ONE.path, host="groq", usual_hosts=("groq", "gemini-vertex"))
    assert hosts.applied(ONE, 1).host is None
    later = ChosenHosts(Settings(store))
    assert later.applied(ONE, 0) == Source(ONE.path, usual_hosts=("groq", "gemini-vertex"))
    assert "one.json" not in str([store.value(key) for key in store.allKeys()]), "no conversation is stored"


@pytest.mark.parametrize("kept", ["nobody", ["", "nobody", "groq", "groq"], {"a": 1}, 7])
def test_names_that_are_none_are_passed_over(store: QSettings, kept: object) -> None:
    store.setValue("conversation/hosts", kept)
    found = ChosenHosts(Settings(store)).applied(OTHER, 0).usual_hosts
    assert found == (("groq",) if isinstance(kept, list) else ())
