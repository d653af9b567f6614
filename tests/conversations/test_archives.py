"""Archives that exports and logs are handed out in."""

import io
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tests.conversations.files import document, lines, reading
from tests.conversations.test_agent_sessions import LOG, SAMPLE
from tests.conversations.test_exports import tree
from tests.conversations.test_requests import CHAT
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.sessions import read_folder
from tokviz.conversations.source import Limits
from tokviz.worker.conversation_jobs import RecognizeConversation

CHATGPT = {"mapping": tree(), "current_node": "b"}
CLAUDE = [{"uuid": "u", "name": "n", "chat_messages": [{"sender": "human", "text": "hi", "content": []}]}]


def packed(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


LOGGED = packed(
    {
        "_journal/start.json": b"{}",
        "header.json": document({key: value for key, value in LOG.items() if key != "samples"}),
        "samples/1_epoch_1.json": document(SAMPLE),
        "samples/2_epoch_1.json": document({**SAMPLE, "uuid": "other"}),
        "summaries.json": b"[]",
    }
)


@pytest.mark.parametrize(
    ("data", "form", "number"),
    [
        (packed({"chat.html": b"<html>", "conversations.json": document([CHATGPT])}), "chatgpt-export", 1),
        (
            packed(
                {
                    "a/conversations-000.json": document([CHATGPT, CHATGPT]),
                    "a/conversations-001.json": b"[]",
                    "a/conversations-002.json": document([CHATGPT]),
                    "a/user.json": b"{}",
                }
            ),
            "chatgpt-export",
            3,
        ),
        (packed({"users.json": b"[]", "conversations.json": document(CLAUDE)}), "claude-ai-export", 1),
        (packed({"r.json": document(CHAT), "__MACOSX/._r.json": b"x"}), "request-openai-chat", 1),
        (packed({"log.jsonl": lines(CHAT, CHAT)}, zipfile.ZIP_STORED), "request-openai-chat", 2),
        (LOGGED, "inspect", 2),
    ],
)
def test_what_an_archive_holds(data: bytes, form: str, number: int) -> None:
    found = reading(data)
    assert (found.format, len(found.conversations), found.problems) == (form, number, ())


def test_an_archive_that_comes_through_a_pipe() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    pipe: BinaryIO = Pipe(LOGGED)
    assert len(read_conversations(pipe).conversations) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (LOGGED[:-30], "The archive is damaged or cut off."),
        (b"PK\x03\x04" + b"x" * 99, "The archive is damaged or cut off."),
        (packed({"word/document.xml": b"<w/>", "a.json": b"{}", "b.json": b"{}"}), "The archive holds no"),
        (
            packed({"conversations.json": b"[" + b"0," * 9_999 + b"0]"}),
            "Unpacked, the archive holds more than",
        ),
        (packed({"r.json": document(CHAT)}, zipfile.ZIP_BZIP2), "The archive is packed in a way"),
    ],
)
def test_what_cannot_be_read_of_an_archive_is_told(data: bytes, said: str) -> None:
    found = reading(data, Limits(document=10_000))
    assert found.format is None and not found.conversations
    (problem,) = found.problems
    assert problem.sentence.startswith(said)


def test_an_encrypted_archive_is_told() -> None:
    data = bytearray(packed({"r.json": document(CHAT)}, zipfile.ZIP_STORED))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    assert "encrypted" in reading(bytes(data)).problems[0].sentence


def test_an_archive_opens_as_conversations_only_if_it_holds_some(tmp_path: Path) -> None:
    context: Any = None
    for name, data, known in (
        ("export.zip", packed({"conversations.json": document([CHATGPT])}), True),
        ("letter.docx", packed({"word/document.xml": b"<w/>"}), False),
        ("cut.zip", LOGGED[:-30], False),
    ):
        (tmp_path / name).write_bytes(data)
        assert RecognizeConversation(tmp_path / name).perform(context, context) is known


def test_a_folder_lists_logs_of_inspect(tmp_path: Path) -> None:
    (tmp_path / "log.eval").write_bytes(LOGGED)
    assert len(read_folder(tmp_path).conversations) == 2
