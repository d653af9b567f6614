"""``--pack`` and ``--copy``: what is asked of the text that the inputs are put together as."""

import argparse
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokviz.analysis.codebase.pack_formats import PackFormat, format_for
from tokviz.analysis.codebase.pack_splitting import LEAST_DIGITS, part_name
from tokviz.analysis.codebase.packing import PackOrder
from tokviz.cli.inputs import STANDARD_INPUT, at_least_one
from tokviz.language import _
from tokviz.lists import listed

STANDARD_OUTPUT = "-"
CLIPBOARD = _("the clipboard")


@dataclass(frozen=True, slots=True)
class PackRequest:
    """One text, or several parts of it, for a model."""

    target: str | None
    """The file; ``STANDARD_OUTPUT`` is standard output; None: only copied."""
    copy: bool
    """Put on the clipboard."""
    template: str | None
    """The name of a format, or a file; None: what the target's name says."""
    before: str | None
    after: str | None
    """The user's own text, or ``@`` and a file that holds it."""
    tree: bool
    line_numbers: bool
    order: PackOrder
    split: int | None
    """The most tokens of a part."""
    overwrite: bool
    """Whatever lies where it is written."""
    fail_on_secrets: bool
    with_diff: bool
    with_log: bool
    """Of what changed between two states of a repository: as a unified diff, and the commits' messages."""

    @property
    def name(self) -> str:
        """Where the text goes, in words."""
        return self.target or CLIPBOARD

    @property
    def form(self) -> PackFormat | None:
        """The format; None: a template of the user's own."""
        if self.template is None:
            return format_for(self.target or "")
        return next((form for form in PackFormat if form == self.template), None)

    def overwritten(self, inputs: Iterable[str]) -> str | None:
        """Which of the files that the text is made from (``inputs`` and those that options name) it would be
        written over."""
        own = [text.removeprefix("@") for text in (self.before, self.after) if text and text.startswith("@")]
        template = [self.template] if self.template and self.form is None else []
        written = self.written
        if written is None:
            return None
        named = (path for path in (*inputs, *own, *template) if path != STANDARD_INPUT)
        return next((path for path in named if written.is_file(path)), None)

    @property
    def written(self) -> "Written | None":
        """The files that are going to be written."""
        if self.target is None or self.target == STANDARD_OUTPUT:
            return None
        target = Path(self.target)
        return Written(target, self.split is not None, Path(os.path.realpath(target)))


@dataclass(frozen=True, slots=True)
class Written:
    """A file, or its parts."""

    target: Path
    in_parts: bool
    real: Path
    """Where the file is, or will be."""

    def part(self, number: int, of: int) -> Path:
        """The file of a part."""
        return self.target.with_name(part_name(self.target.name, number, of))

    def number(self, name: str) -> int | None:
        """Which part a file of this name in the same folder is; None: it is none."""
        stem, suffix = re.escape(self.target.stem), re.escape(self.target.suffix)
        found = re.fullmatch(rf"{stem}-(\d{{{LEAST_DIGITS},}}){suffix}", name)
        return int(found[1]) if found else None

    def is_file(self, path: str) -> bool:
        """Whether ``path`` names a file that is there, and is going to be written."""
        folder, name = os.path.split(path)
        return os.path.isfile(path) and self.holds(Path(folder), name)  # noqa: PTH113 - as ``holds`` has it

    def holds(self, root: Path, path: str) -> bool:
        """Whether the file ``path`` below ``root`` is what is written, or was the last time."""
        name = path.rpartition("/")[2]
        if not self.in_parts:
            return name == self.real.name and Path(os.path.realpath(root / path)) == self.real
        if self.number(name) is None:
            return False
        return os.path.realpath((root / path).parent) == str(self.real.parent)


class _PrintTemplate(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002
        values: object,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        print(PackFormat(str(values)).source, end="")
        parser.exit()


def add_pack(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument_group(_("a text for a model")).add_argument
    add(
        "--pack",
        metavar="FILE",
        help=_(
            "write all files as one text for a model: in XML if the name ends in .xml, plainly if in .txt, "
            "else in Markdown; - is standard output; with --fits or --budget only if the text keeps to them"
        ),
    )
    add("--copy", action="store_true", help=_("put that text on the clipboard, with or without --pack"))
    add(
        "--template",
        metavar="NAME|FILE",
        help=_(
            "the format ({formats}), or a file with a template of your own",
            formats=listed(PackFormat),
        ),
    )
    add(
        "--print-template",
        action=_PrintTemplate,
        choices=list(PackFormat),
        help=_("print a format's template, which one of your own can begin with"),
    )
    add("--before", metavar="TEXT|@FILE", help=_("your own text before the files: a prompt, instructions"))
    add("--after", metavar="TEXT|@FILE", help=_("your own text after them"))
    add("--no-tree", action="store_true", help=_("without the tree of folders and files on top"))
    add("--line-numbers", action="store_true", help=_("with its number before each line of the files"))
    add(
        "--order",
        choices=list(PackOrder),
        default=PackOrder.PATH,
        help=_("which file comes first: by its path, the largest, or the one that git saw change last"),
    )
    add(
        "--split",
        metavar="N",
        type=at_least_one,
        help=_(
            "in parts of at most N tokens, by the first tokenizer asked for (else o200k_base), NAME-001 and "
            "so on; a file is divided only if it is larger"
        ),
    )
    add(
        "--overwrite",
        action="store_true",
        help=_("write over any file of that name, not only over an earlier text that tokviz packed"),
    )
    add(
        "--fail-on-secrets",
        action="store_true",
        help=_("exit with 4 and write nothing if it holds what looks like a key or a password"),
    )
    add(
        "--with-diff",
        action="store_true",
        help=_("with --since, --staged or --diff: the unified diff in front of the files that changed"),
    )
    add(
        "--with-log",
        action="store_true",
        help=_("with --since or --diff: the messages of the commits in front of the files that changed"),
    )


def pack_request(parser: argparse.ArgumentParser, found: argparse.Namespace) -> PackRequest | None:
    """What the arguments ask for; argparse ends the program where they are wrong."""
    if found.pack is None and not found.copy:
        given = {
            "--template": found.template,
            "--before": found.before,
            "--after": found.after,
            "--no-tree": found.no_tree,
            "--line-numbers": found.line_numbers,
            "--order": found.order != PackOrder.PATH,
            "--split": found.split,
            "--overwrite": found.overwrite,
            "--fail-on-secrets": found.fail_on_secrets,
            "--with-diff": found.with_diff,
            "--with-log": found.with_log,
        }
        for option, value in given.items():
            if value:
                parser.error(_("{option} needs --pack FILE or --copy", option=option))
        return None
    if found.json and found.pack == STANDARD_OUTPUT:
        parser.error(_("--json does not go with --pack -: both are written to standard output"))
    changed = found.since is not None or found.staged or found.diff is not None
    for option, value in (("--with-diff", found.with_diff), ("--with-log", found.with_log)):
        if value and not changed:
            parser.error(_("{option} needs --since, --staged or --diff", option=option))
    if changed and found.order == PackOrder.CHANGE:
        parser.error(_("--order change does not go with --since, --staged or --diff: all of it changed"))
    if found.overwrite and found.pack in (None, STANDARD_OUTPUT):
        parser.error(_("--overwrite needs --pack FILE: no file is written otherwise"))
    if found.split and found.copy:
        parser.error(_("--copy takes one text; write parts with --split and --pack"))
    return PackRequest(
        target=found.pack,
        copy=found.copy,
        template=found.template,
        before=found.before,
        after=found.after,
        tree=not found.no_tree,
        line_numbers=found.line_numbers,
        order=PackOrder(found.order),
        split=found.split,
        overwrite=found.overwrite,
        fail_on_secrets=found.fail_on_secrets,
        with_diff=found.with_diff,
        with_log=found.with_log,
    )
