"""A file is written whole or not at all."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tokviz.documents.writing import WriteError, write_file, write_steps


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="named pipes are made otherwise elsewhere")
def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, b"new")
        assert pipe.is_fifo()
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"Cannot write .*gone.*; choose another place\."):
        write_file(tmp_path / "gone" / "x", b"")
    with pytest.raises(WriteError):
        write_file(tmp_path, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_that_leads_in_a_circle_is_one_sentence(tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to("circle")
    with pytest.raises(WriteError, match=r"Cannot write .*circle: too many levels of symbolic links; choose"):
        write_file(circle, b"new")
    assert list(tmp_path.iterdir()) == [circle]


def test_a_file_is_replaced_by_the_last_step_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    for _ in write_steps(path, (part for part in (b"ne", b"", b"w"))):
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_steps_that_are_left_off_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    steps = write_steps(path, [b"new", b"er"])
    next(steps)
    del steps
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_whether_a_file_can_be_written_is_known_before_the_first_part(tmp_path: Path) -> None:
    parts = (b"%d" % _never_asked() for _ in range(3))
    for path in (tmp_path / "gone" / "x", tmp_path):
        with pytest.raises(WriteError):
            write_steps(path, parts)


def test_parts_that_fail_leave_the_old_file(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"new"
        raise ValueError("no more")

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="no more"):
        list(write_steps(path, parts()))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _never_asked() -> int:
    raise AssertionError("nobody may ask for a part")


@pytest.mark.parametrize(("number", "written"), [(errno.EINVAL, True), (errno.ENOSPC, False)])
def test_a_file_system_that_cannot_flush_still_takes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, written: bool
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    path = tmp_path / "text"
    if written:
        write_file(path, b"new")
        assert path.read_bytes() == b"new"
    else:
        with pytest.raises(WriteError):
            write_file(path, b"new")
        assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_while_it_is_written_the_text_is_hidden_beside_its_file_and_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for private, mode in ((False, 0o644), (True, 0o600)):
        path.unlink(missing_ok=True)
        old = os.umask(0o022)
        try:
            steps = write_steps(path, [b"a", b"b"], private)
            next(steps)
            (temporary,) = tmp_path.iterdir()
            assert temporary.name.startswith(".file.")
            assert temporary.stat().st_mode & 0o777 == 0o600
            list(steps)
        finally:
            mask = os.umask(old)
        assert mask == 0o022  # it was looked up, and is as before
        assert path.stat().st_mode & 0o777 == mode
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_a_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_bytes(b"old")
    path.chmod(0o751)
    write_file(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o751


def test_the_text_is_on_the_disk_before_it_has_the_files_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, done = tmp_path / "file", list[str]()
    replace = Path.replace

    def noted(temporary: Path, target: Path) -> Path:
        done.append("named")
        return replace(temporary, target)

    monkeypatch.setattr(os, "fsync", lambda _: done.append(f"flushed {path.exists()}"))
    monkeypatch.setattr(Path, "replace", noted)
    write_file(path, b"new")
    assert done == ["flushed False", "named"]
