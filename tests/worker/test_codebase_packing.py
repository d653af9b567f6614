"""Packing and writing: the text that is counted is the text that is written, all of it or nothing."""

import os
from base64 import b64encode
from pathlib import Path

import numpy as np
import pygit2
import pytest

from tests.worker.conftest import Performer
from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, PackOrder, pack
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.conversation.text_counts import TextCounts
from tokviz.documents.decoding import FOUND_OUT
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.git_process import GitError
from tokviz.tokens import Count, Provenance
from tokviz.worker.codebase_packing import Packed, PackFiles, Packing, WrittenPack, write_pack
from tokviz.worker.jobs import CountPassages, Reporter

TEXTS = {"a.py": "print(1)\n", "b/c.md": "# Title\n```\ncode\n```\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for path, text in TEXTS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def packed(
    perform: Performer,
    *roots: Path,
    taken: list[bool],
    layout: PackLayout | None = None,
    tokenizer: str = "r50k_base",
    split: int | None = None,
) -> Packed:
    shape = TreeShape([(root.name, list(TEXTS)) for root in roots])
    weights = np.array([4, 9] * len(roots))
    layout = layout or PackLayout()
    job = PackFiles(roots, shape, np.array(taken), layout, tokenizer, FOUND_OUT, weights, split)
    result = perform(job)
    assert isinstance(result, Packed)
    return result


@pytest.mark.parametrize("form", list(PackFormat))
def test_what_takes_part_is_packed_and_counted_with_its_wrapping(
    perform: Performer, folder: Path, form: PackFormat
) -> None:
    result = packed(perform, folder, taken=[True, True], layout=PackLayout(form.template))
    files = [PackedFile(path, text.encode()) for path, text in TEXTS.items()]
    text = b"".join(pack("project", list(TEXTS), files, PackLayout(form.template)))
    assert result.text.data == text
    assert isinstance(result.text.data, bytearray)
    tokenizer = perform.context.registry.get("r50k_base")
    assert result.count.tokens == tokenizer.count(text)
    assert result.count.provenance is Provenance.EXACT
    nothing = [PackedFile(path, b"") for path in TEXTS]
    empty = b"".join(pack("project", list(TEXTS), nothing, PackLayout(form.template)))
    assert result.wrapping is not None
    assert result.wrapping.tokens == tokenizer.count(empty)
    assert perform.reported == [Packing(2, sum(map(len, TEXTS.values())))]


def test_what_is_taken_out_is_not_even_in_the_tree(perform: Performer, folder: Path) -> None:
    text = packed(perform, folder, taken=[True, False]).text.data
    assert b"a.py" in text
    assert b"c.md" not in text


def test_with_several_roots_a_path_says_where_it_belongs(
    perform: Performer, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("2\n", encoding="utf-8")
    result = packed(perform, folder, other, taken=[True, False, True, False])
    assert b"## project/a.py" in result.text.data
    assert b"## other/a.py" in result.text.data
    assert result.missing == ()


def test_a_file_that_is_gone_is_named(perform: Performer, folder: Path) -> None:
    (folder / "a.py").unlink()
    result = packed(perform, folder, taken=[True, True])
    assert result.missing == ("a.py",)
    assert b"## b/c.md" in result.text.data


def test_an_estimate_stays_one(perform: Performer, folder: Path) -> None:
    result = packed(perform, folder, taken=[True, True], tokenizer="estimate")
    assert result.count.provenance is Provenance.ESTIMATE
    assert result.count.low < result.count.tokens < result.count.high


def test_a_text_is_written_whole_with_the_usual_rights(
    perform: Performer, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.md"
    one = packed(perform, folder, taken=[True, True])
    assert perform(write_pack(target, one)) == WrittenPack((target,), problem="")
    plain = tmp_path / "plain"
    plain.touch()
    assert target.read_bytes() == one.text.data
    assert target.stat().st_mode == plain.stat().st_mode
    target.chmod(0o640)
    two = packed(perform, folder, taken=[True, False])
    perform(write_pack(target, two))
    assert target.read_bytes() == two.text.data != one.text.data
    assert target.stat().st_mode & 0o777 == (0o640 if os.name == "posix" else 0o666)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.md", "plain", "project"]


def test_parts_are_counted_as_they_are_written(perform: Performer, folder: Path, tmp_path: Path) -> None:
    (folder / "a.py").write_text("x = 1\n" * 200, encoding="utf-8")
    result = packed(perform, folder, taken=[True, True], split=200)
    assert result.in_parts
    assert len(result.parts) > 2
    where = perform(write_pack(tmp_path / "out.md", result))
    assert isinstance(where, WrittenPack)
    paths = where.paths
    assert [path.name for path in paths] == [f"out-00{n}.md" for n in range(1, len(paths) + 1)]
    count = perform.context.registry.get("r50k_base").count
    written = [path.read_bytes() for path in paths]
    assert [count(text) for text in written] == [part.count.tokens for part in result.parts]
    assert max(map(count, written)) == result.count.tokens <= 200
    assert result.parts[-1].contents[-1] == "b/c.md"


def test_the_order_by_tokens_and_by_change(perform: Performer, folder: Path) -> None:
    layout = PackLayout(order=PackOrder.TOKENS, before=b"Look.")
    text = packed(perform, folder, taken=[True, True], layout=layout).text.data
    assert text.startswith(b"Look.\n\n# project\n\n```\na.py\nb/\n  c.md\n```\n\n## b/c.md")
    with pytest.raises(GitError, match="lies in no git repository"):
        packed(perform, folder, taken=[True, True], layout=PackLayout(order=PackOrder.CHANGE))
    repository = pygit2.init_repository(str(folder))
    for moment, path in enumerate(("b/c.md", "a.py")):
        repository.index.add(path)
        who = pygit2.Signature("A", "a@example.org", 1000 + moment, 0)
        parents = [] if repository.head_is_unborn else [repository.head.target]
        repository.create_commit("HEAD", who, who, path, repository.index.write_tree(), parents)
    repository.index.write()
    by_change = PackLayout(order=PackOrder.CHANGE)
    text = packed(perform, folder, taken=[True, True], layout=by_change).text.data
    assert text.index(b"## a.py") < text.index(b"## b/c.md")
    (folder / "b/c.md").write_text("changed\n", encoding="utf-8")
    result = packed(perform, folder, taken=[True, True], layout=by_change)
    assert result.text.data.index(b"## b/c.md") < result.text.data.index(b"## a.py")
    assert result.undated == 0


def test_ones_own_text_is_looked_through_for_secrets(perform: Performer, folder: Path) -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"[::-1]
    result = packed(perform, folder, taken=[True, True], layout=PackLayout(after=f"key {key}".encode()))
    assert [str(secret) for secret in result.secrets] == ["your own text, line 1: AWS access key"]


def test_single_files_can_be_shortened(perform: Performer, tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("# a comment\nx = 1\n")
    shape = TreeShape([("p", ["a.py", "b.py"])])
    shortened = {1: frozenset({Shortening.COMMENTS})}
    job = PackFiles(
        (tmp_path,), shape, np.array([True, True]), PackLayout(), "r50k_base", FOUND_OUT, shortened=shortened
    )
    result = perform(job)
    assert isinstance(result, Packed)
    text = bytes(result.text.data).decode()
    assert text.count("# a comment") == 1
    assert "## b.py (shortened: without comments)" in text


def test_what_a_rank_file_counts_is_assumed_wherever_it_is_counted(
    perform: Performer, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ranks.tiktoken"
    path.write_bytes(b"".join(b64encode(bytes([rank])) + b" %d\n" % rank for rank in range(256)))
    registry = perform.context.registry
    name = registry.add_file(path)
    assert registry.assumed == {name}
    result = packed(perform, folder, taken=[True, True], tokenizer=name)
    assert result.count.provenance is Provenance.ASSUMED
    (count,) = CountPassages(name, (b"[1]",), forms=True).perform(
        perform.context, Reporter(print, lambda: True)
    )
    assert count == Count.certain(3, Provenance.ASSUMED)
    _, counted = TextCounts(registry).by(name)([b"ab"])
    assert counted == Count.certain(2, Provenance.ASSUMED)
