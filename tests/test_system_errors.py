"""What the system says is said in the reader's language, and in English as it says it."""

import errno
import os
from collections.abc import Iterator

import pytest

from tests.speaking import speaking
from tokviz import language
from tokviz.system_errors import _WORDS, cannot_be_read, reason, words


@pytest.fixture
def pseudo() -> Iterator[None]:
    with speaking(language.PSEUDO):
        yield


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="each system has words of its own")
@pytest.mark.parametrize("number", _WORDS)
def test_english_is_what_the_system_says(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert words(error) == os.strerror(number)
    assert reason(error) == os.strerror(number).lower()
    assert _WORDS[number] == reason(error)


def test_another_language_has_words_of_its_own(pseudo: None) -> None:
    error = OSError(errno.EACCES, "Permission denied")
    assert reason(error) == words(error) == "ṕëŕḿïśśïöń d́ëńïëd́ ẽẍẗŕä ẽẍẗŕä"


def test_what_has_none_stays_as_it_is(pseudo: None) -> None:
    assert reason(OSError(errno.ECHILD, "No child processes")) == "no child processes"
    assert words(OSError("Something else")) == "Something else"


def test_a_file_that_cannot_be_read_is_named() -> None:
    error = OSError(errno.EACCES, os.strerror(errno.EACCES))
    assert cannot_be_read("chat.json", error) == f"chat.json cannot be read: {reason(error)}."
