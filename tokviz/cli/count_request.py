"""What ``tokviz count`` is asked for: its arguments, as one value that never changes."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tokviz.cli.inputs import (
    add_names,
    add_paths,
    add_patterns,
    add_reading,
    at_least_one,
    number,
    reading_of,
    tokens,
)
from tokviz.cli.pack_request import PackRequest, add_pack, pack_request
from tokviz.documents.decoding import MB
from tokviz.documents.tree.git_changes import Compared, parse_range
from tokviz.documents.tree.path_choice import Patterns
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _
from tokviz.lists import either

DEFAULT_DEPTH = 2
"""Levels of a tree shown by default."""


@dataclass(frozen=True, slots=True)
class FileList:
    """A file that names files."""

    source: str
    """Its path; ``-`` is standard input."""
    null: bool
    """The names end with NUL instead of a line end."""


@dataclass(frozen=True, slots=True)
class CountRequest:
    """None and False: not asked for."""

    paths: tuple[str, ...]
    listed: FileList | None
    """A list of files beside them."""
    tokenizers: tuple[str, ...]
    model_ids: tuple[str, ...]
    all_models: bool
    """Every model, where none is named."""
    reserve: int | None
    """Tokens kept for the answer."""
    as_json: bool
    walk: WalkOptions
    """``walk.reading.shortened`` is what texts are to be shortened by once their counts are known."""
    savings: bool
    """Say what each way of shortening saves."""
    images: bool
    """Those of folders too, by formula."""
    files: bool
    """The tokens of each file."""
    top: int | None
    """Those of so many of the largest files."""
    depth: int | None
    """Those of each folder, down to this depth."""
    fits: tuple[str, ...]
    """Models (their ids) that everything is to fit."""
    budget: int | None
    """The most tokens that everything may be."""
    keep: tuple[str, ...]
    """What must not be left out, as in an ignore file."""
    budgets: tuple[tuple[str, int], ...]
    """Patterns, each with the most tokens of what it matches: a project file says so."""
    project_file: bool
    """Whether one is read."""
    apply: bool
    """Write what is to be left out into the folders' ignore files."""
    pack: PackRequest | None
    """One text of all files."""
    compared: Compared | None
    """Count what changed between two states of a git repository."""
    max_growth: int | None
    """The most tokens by which it may have grown."""
    cache: bool
    """Use the counts of earlier runs, and keep these."""

    @property
    def all_model_ids(self) -> tuple[str, ...]:
        """The models named by any option, each once."""
        return tuple(dict.fromkeys((*self.model_ids, *self.fits)))

    @property
    def shortens(self) -> bool:
        """Whether it is asked what shortened texts count, by an option or by the project."""
        return self.savings or bool(self.walk.reading.shortened)

    @property
    def as_they_are(self) -> WalkOptions:
        """``walk`` with whole texts: shorter ones are counted after them, so that what they save is known."""
        return replace(self.walk, reading=replace(self.walk.reading, shortened=frozenset()))

    @property
    def patterns(self) -> Patterns:
        """What chooses of the files."""
        return self.walk.include, self.walk.exclude

    @property
    def names_tokenizers(self) -> bool:
        """Whether it says with which tokenizers to count."""
        return bool(self.tokenizers or self.all_model_ids)

    @property
    def about_files(self) -> bool:
        """Whether anything of the answer is about single files."""
        numbers = (self.top, self.depth, self.budget)
        about = (self.files, self.as_json, self.pack, self.fits, self.shortens, self.budgets)
        return any(map(bool, about)) or any(number is not None for number in numbers)


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> CountRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_paths(parser, _("files and folders; - is standard input"), "*")
    add_names(
        parser,
        "--tokenizer",
        "NAME",
        _("count with this one only, or a file of yours (repeatable); `tokviz tokenizers` lists those known"),
    )
    add_names(
        parser,
        "--model",
        "ID",
        _("show this model only (repeatable; the first eight by default); `tokviz models` lists them"),
    )
    add = parser.add_argument
    add("--all-models", action="store_true", help=_("show every model, which loads every tokenizer"))
    add(
        "--reserve",
        metavar="N",
        type=tokens,
        help=_(
            "tokens kept for the answer (4,096 by default, less where a model's window or answer is small)"
        ),
    )
    add("--json", action="store_true", help=_("one JSON object, for programs"))
    add("--no-cache", action="store_true", help=_("count all anew, and keep no counts (see `tokviz cache`)"))
    add_reading(parser)
    _add_folders(parser)
    _add_limits(parser)
    add_pack(parser)
    _add_changes(parser)
    found = parser.parse_args(_with_depth(argv))
    _check_company(parser, found)
    walk = WalkOptions(
        respect_ignore_files=not found.no_ignore,
        hidden=found.hidden,
        include=tuple(found.include),
        exclude=tuple(found.exclude),
        largest=found.largest * MB,
        reading=reading_of(found),
    )
    return CountRequest(
        paths=tuple(found.paths),
        listed=None if found.files_from is None else FileList(found.files_from, found.null),
        tokenizers=tuple(found.tokenizer),
        model_ids=tuple(found.model),
        all_models=found.all_models,
        reserve=found.reserve,
        as_json=found.json,
        walk=walk,
        savings=found.shorten is not None,
        images=found.images,
        files=found.files,
        top=found.top,
        depth=found.tree,
        fits=tuple(found.fits),
        budget=found.budget,
        keep=tuple(found.keep),
        budgets=(),
        project_file=not found.no_project_file,
        apply=found.apply,
        compared=_compared(parser, found),
        max_growth=found.max_growth,
        pack=pack_request(parser, found),
        cache=not found.no_cache,
    )


def _check_company(parser: argparse.ArgumentParser, found: argparse.Namespace) -> None:
    """End the program where an option lacks another without which it would do nothing."""
    limited = bool(found.fits) or found.budget is not None
    limits = ("--fits MODEL", "--budget N")  # verbatim
    shorten = "--shorten WAYS"  # verbatim
    lacking = (
        ("-0", ("--files-from",), found.null and found.files_from is None),
        ("--apply", limits, found.apply and not limited),
        ("--keep", (*limits, shorten), found.keep and not limited and found.shorten is None),
    )
    for option, others, lacks in lacking:
        if lacks:
            # Translators: {others} is an option, or several of which one is enough.
            parser.error(_("{option} needs {others}", option=option, others=either(others)))
    if found.pack is not None or found.copy:
        return
    if found.since is not None or found.staged or found.diff is not None:
        silent = {
            "--fits": found.fits,
            "--budget": found.budget is not None,
            "--tree": found.tree is not None,
            "--top": found.top is not None,
        }
        if silently := next((name for name, given in silent.items() if given), None):
            parser.error(
                _(
                    "without --pack, {option} says nothing of what changed; --max-growth N limits that",
                    option=silently,
                )
            )


def _with_depth(argv: Sequence[str]) -> list[str]:
    """The arguments with ``--tree`` as an option of its own: what follows it is its depth only if it is a
    number, and else a path as any other."""
    found = list(argv)
    end = found.index("--") if "--" in found else len(found)
    for at in range(end):
        following = found[at + 1].removeprefix("-") if at + 1 < len(found) else ""
        if found[at] == "--tree" and not following.replace(",", "").replace("_", "").isdecimal():
            found[at] = f"--tree={DEFAULT_DEPTH}"
    return found


def _add_folders(parser: argparse.ArgumentParser) -> None:
    folders = parser.add_argument_group(_("folders"))
    add_patterns(folders, "--include", _("only files that match (repeatable)"))
    add = folders.add_argument
    add("--files-from", metavar="FILE", help=_("the files that FILE names, one a line; - is standard input"))
    add("-0", "--null", action="store_true", help=_("the names in it end with NUL, as of `git diff -z`"))
    add_patterns(folders, "--exclude", _("no files that match, written as in .gitignore (repeatable)"))
    add("--no-ignore", action="store_true", help=_("pay no heed to .gitignore and the like"))
    add(
        "--no-project-file",
        action="store_true",
        help=_("pay no heed to the folder's tokviz.toml or [tool.tokviz] in its pyproject.toml"),
    )
    add("--hidden", action="store_true", help=_("hidden files too"))
    add(
        "--documents",
        action="store_true",
        help=_("PDF, Word, PowerPoint, Excel, OpenDocument and EPUB as the text that they hold"),
    )
    add(
        "--images",
        action="store_true",
        help=_("images too, by the formulas that makers published; a named one is counted so anyway"),
    )
    add("--files", action="store_true", help=_("the tokens of each file"))
    add("--top", metavar="N", type=at_least_one, help=_("the N largest files"))
    add(
        "--tree",
        metavar="DEPTH",
        type=number,
        help=_(
            "the tokens of each folder, {depth} storeys deep if no number follows",
            depth=DEFAULT_DEPTH,
        ),
    )


def _add_changes(parser: argparse.ArgumentParser) -> None:
    changes = parser.add_argument_group(
        _("changes in a git repository"),
        _(
            "those below the named folders that --include and --exclude choose; with --pack or --copy the "
            "files as they are then; a project file has no say here"
        ),
    )
    add = changes.add_mutually_exclusive_group().add_argument
    add("--since", metavar="REV", help=_("what changed since a revision, untracked files included"))
    add("--staged", action="store_true", help=_("what is staged"))
    add("--diff", metavar="A..B", help=_("what changed from A to B (A...B: from where the two parted)"))
    changes.add_argument(
        "--max-growth", metavar="N", type=number, help=_("exit with 3 if it grew by more than N tokens")
    )


def _compared(parser: argparse.ArgumentParser, found: argparse.Namespace) -> Compared | None:
    if found.max_growth is not None and (found.pack is not None or found.copy):
        parser.error(_("--max-growth does not go with --pack or --copy; ask for them one by one"))
    changed = found.diff is not None or found.since is not None or found.staged
    if changed and found.files_from is not None:
        parser.error(_("--files-from does not go with --since, --staged or --diff; they list the files"))
    if found.diff is not None:
        try:
            return parse_range(found.diff)
        except ValueError as error:
            parser.error(str(error))
    if found.since == "":
        parser.error(_("--since takes a revision, such as HEAD or main"))
    if found.since is not None or found.staged:
        return Compared(found.since or "", staged=found.staged)
    if found.max_growth is not None:
        parser.error(_("--max-growth needs --since, --staged or --diff"))
    return None


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group(_("limits"))
    add = limits.add_argument
    fits = _("exit with 3 unless it surely fits this model, and say what to leave out (repeatable)")
    add_names(limits, "--fits", "MODEL", fits)
    add(
        "--budget",
        metavar="N",
        type=number,
        help=_(
            "exit with 3 unless it is surely at most N tokens, by the first tokenizer asked for "
            "(else o200k_base)"
        ),
    )
    add_patterns(limits, "--keep", _("what must not be left out, written as in .gitignore (repeatable)"))
    add(
        "--apply",
        action="store_true",
        help=_("add what to leave out to the folder's .tokvizignore"),
    )
