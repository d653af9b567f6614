"""Undo takes back what a person would call one step, byte for byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.text import undo
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Phase, line_parts
from tokviz.text.undo import Kind, UndoHistory


class Clock:
    """A clock that goes only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def type_text(history: UndoHistory, buffer: TextBuffer, text: str) -> None:
    for letter in text:
        end = len(buffer)
        history.replace(end, end, letter.encode(), Kind.TYPING, (end, end))


def steps_back(history: UndoHistory, buffer: TextBuffer) -> list[bytes]:
    texts = []
    while history.undo() is not None:
        texts.append(buffer.snapshot())
    return texts


def test_typing_is_taken_back_word_by_word() -> None:
    buffer = TextBuffer()
    history = UndoHistory(buffer, Clock())
    type_text(history, buffer, "one two  three")
    assert steps_back(history, buffer) == [b"one two  ", b"one ", b""]


def test_a_pause_a_new_line_or_a_moved_cursor_begins_a_step() -> None:
    buffer, clock = TextBuffer(), Clock()
    history = UndoHistory(buffer, clock)
    type_text(history, buffer, "ab")
    clock.now += undo.PAUSE_SECONDS + 1
    type_text(history, buffer, "cd")
    history.seal()
    type_text(history, buffer, "ef\ngh")
    assert steps_back(history, buffer) == [b"abcdef", b"abcd", b"ab", b""]


def test_deleting_joins_in_both_directions() -> None:
    buffer = TextBuffer(b"0123456789")
    history = UndoHistory(buffer, Clock())
    for start in (5, 4, 3):  # backspace
        history.replace(start, start + 1, b"", Kind.DELETING, (start + 1, start + 1))
    for _ in range(2):  # delete
        history.replace(3, 4, b"", Kind.DELETING, (3, 3))
    assert buffer.snapshot() == b"01289"
    assert history.undo() == (6, 6)
    assert buffer.snapshot() == b"0123456789"
    history.redo()
    assert buffer.snapshot() == b"01289"


def test_a_paste_is_one_step_however_it_is_typed_around() -> None:
    buffer = TextBuffer()
    history = UndoHistory(buffer, Clock())
    type_text(history, buffer, "a")
    history.replace(1, 1, b"pasted words", Kind.OTHER, (1, 1))
    type_text(history, buffer, "b")
    assert steps_back(history, buffer) == [b"apasted words", b"a", b""]


def test_memory_is_bounded_and_the_last_step_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MEMORY_LIMIT", 1000)
    buffer = TextBuffer(b"x" * 5000)
    history = UndoHistory(buffer, Clock())
    for size in (400, 400, 400, 3000):
        history.replace(0, size, b"", Kind.OTHER, (0, 0))
    assert len(steps_back(history, buffer)) == 1
    assert len(buffer) == 3800


def test_an_edit_by_others_ends_all_steps() -> None:
    buffer = TextBuffer(b"text")
    history = UndoHistory(buffer, Clock())
    type_text(history, buffer, "ab")
    buffer.load(b"another text")
    assert not history.can_undo
    assert history.undo() is None
    assert buffer.snapshot() == b"another text"


edits = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 60), st.integers(0, 9), st.text(max_size=6), st.sampled_from(list(Kind))),
        st.sampled_from(["undo", "redo", "wait"]),
    ),
    max_size=40,
)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), edits)
@settings(deadline=None)
def test_undoing_all_and_redoing_all_gives_the_very_bytes(text: str, edits: list[object]) -> None:
    buffer, clock = TextBuffer(text.encode()), Clock()
    history = UndoHistory(buffer, clock)
    for edit in edits:
        match edit:
            case "undo":
                history.undo()
            case "redo":
                history.redo()
            case "wait":
                clock.now += 10
            case (int(at), int(size), str(new), Kind() as kind):
                begin = buffer.boundary_before(min(at, len(buffer)))
                end = buffer.boundary_after(min(begin + size, len(buffer)))
                data = new.encode("utf-8", "ignore")
                history.replace(begin, end, data, kind, (begin, end))
    final = buffer.snapshot()
    depth = len(steps_back(history, buffer))
    assert buffer.snapshot() == text.encode()
    for _ in range(depth):
        history.redo()
    assert buffer.snapshot() == final


def test_memory_counts_what_redo_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MEMORY_LIMIT", 64_000)
    buffer = TextBuffer()
    history = UndoHistory(buffer, Clock())
    for letter in b"abcdef":
        history.replace(len(buffer), len(buffer), bytes([letter]) * 20_000, Kind.OTHER, (0, 0))
    assert len(steps_back(history, buffer)) == 6
    for letter in b"abc":  # 60,000 bytes; those taken back first are forgotten
        assert history.can_redo
        history.redo()
        assert buffer.snapshot().endswith(bytes([letter]) * 20_000)
    assert not history.can_redo and len(buffer) == 60_000


def test_what_was_just_taken_back_can_be_made_again_whatever_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(undo, "MEMORY_LIMIT", 1000)
    buffer = TextBuffer(b"x" * 900)
    history = UndoHistory(buffer, Clock())
    history.replace(0, 900, b"", Kind.OTHER, (0, 0))
    history.replace(0, 0, b"y" * 5000, Kind.OTHER, (0, 0))
    history.undo()
    assert history.can_undo and history.can_redo
    history.redo()
    assert buffer.snapshot() == b"y" * 5000


@given(edits)
@settings(deadline=None)
def test_memory_is_what_the_steps_hold_and_bounded(edits: list[object]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(undo, "MEMORY_LIMIT", 8)
        buffer, clock = TextBuffer(b"0123456789" * 6), Clock()
        history = UndoHistory(buffer, clock)
        for edit in edits:
            match edit:
                case "undo":
                    history.undo()
                case "redo":
                    history.redo()
                case "wait":
                    clock.now += 10
                case (int(at), int(size), str(new), Kind() as kind):
                    begin = min(at, len(buffer))
                    data = new.encode("ascii", "ignore")
                    history.replace(begin, min(begin + size, len(buffer)), data, kind, (begin, begin))
            held = [step.size for steps in (history._undo, history._redo) for step in steps]
            assert history._memory == sum(held)
            assert sum(held) <= undo.MEMORY_LIMIT or max(len(history._undo), len(history._redo)) <= 1
        buffer.load(b"another")
        assert history._memory == 0


def test_memory_counts_where_lines_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = TextBuffer(b"a\nb\n")
    history = UndoHistory(buffer, Clock())
    parts = line_parts(0, [b"a\n", b"b\n"], [b"\ta\n", b"\tb\n"])
    history.replace(0, 4, b"\ta\n\tb\n", Kind.OTHER, (0, 0), parts)
    assert history._memory >= parts.nbytes == 48
    monkeypatch.setattr(undo, "MEMORY_LIMIT", parts.nbytes)
    history.replace(0, 0, b"x", Kind.OTHER, (0, 0))
    assert len(steps_back(history, buffer)) == 1


def test_memory_of_a_text_that_was_replaced_is_free_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MEMORY_LIMIT", 1000)
    buffer = TextBuffer(b"x" * 900)
    history = UndoHistory(buffer, Clock())
    history.replace(0, 900, b"", Kind.OTHER, (0, 0))
    buffer.load(b"y" * 900)
    history.replace(0, 400, b"", Kind.OTHER, (0, 0))
    history.replace(0, 400, b"", Kind.OTHER, (0, 0))
    assert len(steps_back(history, buffer)) == 2


def test_undo_and_redo_bring_back_the_state_with_the_text() -> None:
    buffer, clock = TextBuffer(b"x"), Clock()
    history, told = UndoHistory(buffer, clock), list[tuple[bytes, int]]()
    buffer.follow(Phase.VIEW, lambda _: told.append((buffer.snapshot(), history.state)))
    told.append((b"x", history.state))
    type_text(history, buffer, "ab")
    clock.now += undo.PAUSE_SECONDS + 1
    type_text(history, buffer, "c")
    for step in (history.undo, history.undo, history.redo, history.redo):
        assert step() is not None
    states = dict(told)
    assert told[-4:] == [(text, states[text]) for text in (b"xab", b"x", b"xab", b"xabc")]
    history.undo()
    type_text(history, buffer, "c")  # the same bytes, another way
    buffer.load(b"x")  # another text
    assert len({history.state, told[-2][1], *states.values()}) == 6
