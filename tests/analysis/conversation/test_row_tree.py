"""The lines of a context as a tree: every part counts once, whatever they are put together by."""

from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.codebase.treemap import TreemapLayout
from tokviz.analysis.conversation.counted_context import FRAMING, NOT_IN_FILE, ContextPart
from tokviz.analysis.conversation.groups import GroupBy, grouped
from tokviz.analysis.conversation.message_tree import TreeRow, group_rows, message_rows
from tokviz.analysis.conversation.row_tree import RowTree
from tokviz.conversations.model import Side

KINDS = ("text", "thinking", "tool_call", "tool_result", "file", "image", FRAMING)


@st.composite
def contexts(draw: st.DrawFn) -> list[ContextPart]:
    parts = [ContextPart(NOT_IN_FILE, 900, name="tools")] if draw(st.booleans()) else []
    parts += [ContextPart("tool", 40, name=f"t{n}") for n in range(draw(st.integers(0, 3)))]
    for message in range(draw(st.integers(0, 8))):
        side = draw(st.sampled_from([Side.USER, Side.ASSISTANT, Side.TOOL]))
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=5)):
            tokens = draw(st.one_of(st.none(), st.integers(0, 5_000)))
            name = draw(st.sampled_from([None, "Read", "Bash"]))
            file = draw(st.sampled_from([None, "/a.py", "/b.py"]))
            parts.append(ContextPart(kind, tokens, str(side), side, name, file, message))
    return parts


def ways(parts: list[ContextPart]) -> list[list[TreeRow]]:
    titles = {part.message: "words" for part in parts if part.message is not None}
    groups = [group_rows(grouped(parts, by), parts, titles) for by in (GroupBy.TOOL, GroupBy.FILE)]
    return [message_rows(parts, titles), message_rows(parts, titles, framing=True), *groups]


@given(contexts())
def test_every_token_is_in_the_tree_once(parts: list[ContextPart]) -> None:
    whole = sum(part.tokens or 0 for part in parts)
    for rows in ways(parts):
        tree = RowTree(rows)
        assert tree.weights[0] == whole
        for node in range(len(tree)):
            inside = tree.children(node)
            assert tree.is_file[node] == (node > 0 and not len(inside))
            if len(inside):
                assert tree.weights[node] == tree.weights[inside].sum()
        leaves = [row for node, row in enumerate(tree.rows) if row is not None and tree.is_file[node]]
        told = [part for row in leaves for part in row.parts if parts[part].tokens]
        assert sorted(told) == [index for index, part in enumerate(parts) if part.tokens]


@given(contexts())
def test_branches_stand_together_and_know_their_sum(parts: list[ContextPart]) -> None:
    for rows in ways(parts):
        assert [row.branch for row in rows] == sorted(row.branch for row in rows)
        for branch in {row.branch for row in rows}:
            those = [row for row in rows if row.branch == branch]
            assert not those[0].below or branch == 0
            seen = {part for row in those for part in row.parts}
            known = [tokens for part in seen if (tokens := parts[part].tokens) is not None]
            assert those[0].whole in (sum(known), None if not known else sum(known))


def test_the_tree_is_laid_out_by_the_treemap_of_the_codebase_page() -> None:
    parts = [
        ContextPart("tool_result", tokens, "user", Side.TOOL, "Read", f"/{tokens}.py", tokens)
        for tokens in (100, 300, 600)
    ]
    tree = RowTree(group_rows(grouped(parts, GroupBy.TOOL), parts, {}))
    tiles = TreemapLayout(tree, tree.weights).picture(0, (0.0, 0.0, 400.0, 300.0))
    names = [tree.names[node] for node in tiles.nodes.tolist()]
    assert names[:2] == ["", "Read"]
    areas = {name: tiles.rectangles[tile, 2:].prod() for tile, name in enumerate(names[2:], 2)}
    assert sorted(areas, key=areas.__getitem__) == ["Read 100.py", "Read 300.py", "Read 600.py"]
    assert abs(areas["Read 600.py"] / areas["Read 100.py"] - 6) < 1e-6


def test_framing_stands_on_lines_of_its_own_where_that_is_wanted() -> None:
    parts = [
        ContextPart("text", 10, "user", Side.USER, message=0),
        ContextPart(FRAMING, 4, "user", Side.USER, message=0),
    ]
    together, apart = message_rows(parts, {0: "Hello"}), message_rows(parts, {0: "Hello"}, framing=True)
    assert [(row.title, row.tokens) for row in together] == [("Hello", 14)]
    assert [(row.title, row.tokens) for row in apart] == [("Hello", 10), ("framing", 4)]
    assert [row.whole for row in apart] == [14, 14]


def test_all_framing_before_the_messages_stands_on_one_line() -> None:
    parts = [
        ContextPart(FRAMING, 4),
        ContextPart("tool", 40, name="read"),
        ContextPart(FRAMING, 318, name="tools"),
        ContextPart(FRAMING, 0, name="tools"),
    ]
    assert [(row.title, row.tokens) for row in message_rows(parts, {})] == [
        ("framing", 322),
        ("tool read", 40),
    ]
