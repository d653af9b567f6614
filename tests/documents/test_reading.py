"""Bytes become text truthfully: nothing lost in silence, binaries told apart, devices never opened."""

import errno
import os
import socket
import stat
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokviz.documents.decoding import Basis, ReadOptions, TextFile, encode_text
from tokviz.documents.reading import (
    BinaryError,
    ReadError,
    exists,
    file_status,
    is_file,
    is_folder,
    kind_of,
    make_text,
    open_regular,
    read_blocks,
    read_bytes,
    read_listed,
    read_text,
)

needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain\n",
        b"one\r\ntwo\rthree\n",
        "NBSP\u00a0and\u2028and\u0085".encode(),
        "grün 你好 🎉 \u200d".encode(),
        b"\x1b[31mred\x1b[0m b\x08bold\x0c",
        b"8=FIX.4.2\x019=65\x0135=A\x0149=SERVER\x0156=CLIENT\x01",
        b"x" * 9000 + b"\0 a late NUL",
    ],
)
def test_utf8_is_kept_byte_for_byte(data: bytes) -> None:
    assert make_text(data) == TextFile(data, "UTF-8", 0)


def test_a_utf8_byte_order_mark_is_kept_and_named() -> None:
    assert make_text(b"\xef\xbb\xbfhello") == TextFile(b"\xef\xbb\xbfhello", "UTF-8 with BOM", 0, Basis.MARK)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_without_controls_is_kept(text: str) -> None:
    assert make_text(text.encode()).text == text.encode()


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\x01\xd8")
def test_the_result_is_valid_utf8_or_a_refusal(data: bytes) -> None:
    try:
        make_text(data).text.decode()
    except BinaryError as error:
        assert str(error).startswith("Cannot read the input: it is binary data")
    forced = make_text(data, options=ReadOptions(binaries=True))
    assert ("\ufffd" in forced.text.decode()) >= (forced.replaced > 0)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x1f\x8b\x08\x08\x01\x02\x03\x04\x05\xfe\xca" * 5,
        b"\x01\x02\x03\x04\x05" * 40,
        b"GIF89a" + bytes(range(256)) * 4,
        b"\xff\xfe" + bytes(range(256)) * 4,
        b"%PDF-1.7\n" + b"x" * 9000 + b"\xe2\xe3\xcf\xd3\0\0",
    ],
)
def test_binary_is_told_by_content(data: bytes) -> None:
    with pytest.raises(BinaryError, match=r"Cannot read it\.bin: it is binary data"):
        make_text(data, "it.bin")
    make_text(data, options=ReadOptions(binaries=True)).text.decode()


def test_lone_surrogates_become_replacement_characters() -> None:
    assert encode_text("a\ud800b") == "a\ufffdb".encode()
    assert encode_text("\ud83c\udf89") == "🎉".encode()
    assert encode_text("你好") == "你好".encode()


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("é\r\n".encode("utf-16"))
    assert read_text(path) == TextFile("é\r\n".encode(), "UTF-16 LE", 0, Basis.MARK)


def test_a_large_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"0123456789abcdef" * 300_000)
    assert read_bytes(path) == path.read_bytes()


def test_what_cannot_be_read_is_named_with_a_reason(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path / "missing", "there is no such file; check the name"),
        (tmp_path, "it is a folder; name a regular file"),
    ):
        with pytest.raises(ReadError) as caught:
            read_text(path)
        assert str(caught.value) == f"Cannot read {path}: {reason}."
    with pytest.raises(ReadError, match="no file can have this name"):
        read_text("a\0b")


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser reads everything

        def refuse(*_: object) -> int:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

        monkeypatch.setattr("tokviz.documents.reading.os.open", refuse)
    with pytest.raises(ReadError, match="permission denied; allow yourself to read it"):
        read_text(path)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "there is no such file; check the name"),
        (errno.ENOTDIR, "there is no such file; check the name"),
        (errno.EACCES, "permission denied; allow yourself to read it, or leave it out"),
        (errno.EPERM, "permission denied; allow yourself to read it, or leave it out"),
        (errno.EISDIR, "it is a folder; name a regular file"),
        (errno.ELOOP, "it is a symbolic link that leads in a circle or may not be followed"),
        (errno.ENAMETOOLONG, "its name is too long for this system"),
        (errno.EIO, os.strerror(errno.EIO)),
        (None, "no reason"),
    ],
)
def test_whatever_the_system_refuses_with_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None, said: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    refusal = OSError("no reason") if number is None else OSError(number, os.strerror(number), str(path))

    def refuse(*_: object) -> int:
        raise refusal

    monkeypatch.setattr("tokviz.documents.reading.os.open", refuse)
    with pytest.raises(ReadError) as caught:
        read_bytes(path)
    assert str(caught.value) == f"Cannot read {path}: {said}."


@needs_posix
def test_pipes_sockets_devices_are_never_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ReadError, match="it is a named pipe; pipe its content in"):
        read_text(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        with pytest.raises(ReadError, match="it is a socket"):
            read_text(tmp_path / "socket")
    with pytest.raises(ReadError, match="it is a device"):
        read_text("/dev/zero")


@needs_posix
def test_what_is_swapped_in_before_it_is_opened_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"text")
    open_now = os.open

    def swap_first(name: str, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return open_now(name, flags)

    monkeypatch.setattr("tokviz.documents.reading.os.open", swap_first)
    with pytest.raises(ReadError, match="it is a named pipe"):
        read_bytes(path)


@needs_posix
def test_what_a_walk_found_is_no_pipe_any_more(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ReadError, match="it is a named pipe"):
        read_listed(str(pipe))
    with pytest.raises(ReadError, match="it is a named pipe"):
        next(read_blocks(pipe, 100))
    (tmp_path / "link").symlink_to("/dev/zero")
    for read in (read_listed, lambda name: next(read_blocks(Path(name), 100))):
        with pytest.raises(ReadError, match="it is a symbolic link"):
            read(str(tmp_path / "link"))


@needs_posix
def test_links_are_followed_only_when_wanted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "loop").symlink_to("loop")
    assert read_bytes(tmp_path / "link") == b"text"
    with pytest.raises(ReadError, match="it is a symbolic link"):
        read_bytes(tmp_path / "link", follow=False)
    with pytest.raises(ReadError, match="leads in a circle"):
        read_bytes(tmp_path / "loop")


def test_kinds_of_things() -> None:
    assert kind_of(stat.S_IFREG) == ""
    assert kind_of(stat.S_IFIFO) == "a named pipe"
    assert kind_of(0) == "not a regular file"


def test_a_name_that_nothing_can_have_is_not_there(tmp_path: Path) -> None:
    for name in ("x" * 5000, "x/" * 3000, "nul\0"):
        assert not is_folder(tmp_path / name)
        assert not is_file(tmp_path / name)
        assert not exists(tmp_path / name)
    assert is_folder(tmp_path) and exists(tmp_path) and not is_file(tmp_path)
    (tmp_path / "file").touch()
    assert is_file(tmp_path / "file")


@needs_posix
def test_only_a_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, kind in (
        (tmp_path / "pipe", "a named pipe"),
        (Path("/dev/zero"), "a device"),
        (tmp_path, "a f"),
    ):
        with pytest.raises(OSError, match=f"it is {kind}"):
            open_regular(path)
    (tmp_path / "file").write_bytes(b"text")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(OSError, match="no file can have this name"):
        open_regular(tmp_path / "a\0b")
    with open_regular(tmp_path / "link") as file:
        assert file.read() == b"text"


def test_a_file_that_grows_or_shrinks_while_it_is_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    read = os.read
    for told in (0, 4, 9, 10, 50):
        status = os.stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, told, 0, 0, 0))
        with monkeypatch.context() as patch:
            patch.setattr("tokviz.documents.reading.os.fstat", lambda _, status=status: status)
            patch.setattr("tokviz.documents.reading.os.read", lambda file, size: read(file, min(size, 3)))
            assert read_bytes(path) == path.read_bytes()


def test_the_status_of_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"123")
    assert file_status(tmp_path / "file").st_size == 3
    with pytest.raises(ReadError, match="there is no such file") as caught:
        file_status(tmp_path / "none")
    assert caught.value.reason == "there is no such file"
    assert caught.value.name == str(tmp_path / "none")
