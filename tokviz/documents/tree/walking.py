"""Finding the files of a folder: what belongs to it, and what is left out, each with its reason."""

import os
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from tokviz import system_errors
from tokviz.documents.decoding import FOUND_OUT, MB, ReadOptions
from tokviz.documents.reading import ReadError, kind_of
from tokviz.documents.tree.ignore_files import FolderRules, IgnoreFiles
from tokviz.documents.tree.ignore_rules import Decider, Placed, Rule, option_rules
from tokviz.documents.tree.known_packs import PackFinder, PackMark
from tokviz.language import N_, TranslatedEnum, _, ngettext

_VERSION_CONTROL = frozenset((b".git", b".hg", b".svn", b".jj", b".bzr", b"CVS", b"_darcs"))
_ENCODING, _ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
_WINDOWS = os.name == "nt"
_WINDOWS_HIDDEN = 0x2
"""``FILE_ATTRIBUTE_HIDDEN``"""
_WINDOWS_REPARSE = 0x400
"""``FILE_ATTRIBUTE_REPARSE_POINT``: junctions and mount points, which look like folders."""


class Reason(TranslatedEnum):
    """Why something is left out."""

    RULE = N_("ignored")
    """By a rule of an ignore file or of ``exclude``."""
    NOT_INCLUDED = N_("not included")
    """There are ``include`` patterns, and none matches."""
    HIDDEN = N_("hidden")
    VERSION_CONTROL = N_("version control")
    LINK = N_("link")
    SPECIAL = N_("special")
    """A named pipe, socket or device."""
    TOO_LARGE = N_("too large")
    BINARY = N_("binary")
    UNREADABLE = N_("unreadable")
    PACK = N_("packed by tokviz")
    """A text that was put together of files such as those beside it."""


class FoundFile(NamedTuple):
    """A file that belongs to the tree."""

    path: str
    """From the root, with ``/``; bytes that are no UTF-8 as lone surrogates, as Python has it."""
    size: int
    """Bytes on the disk."""
    modified: int
    """Nanoseconds since 1970."""


class LeftOut(NamedTuple):
    """A file, or a folder with all that is in it, that does not belong to the tree."""

    path: str
    """As in ``FoundFile``."""
    folder: bool
    reason: Reason
    size: int = 0
    """Bytes on the disk; 0 for a folder, which is not looked into."""
    rule: Rule | None = None
    detail: str = ""
    """What else there is to say, as a few words."""

    def describe(self) -> str:
        """The reason in words, with the rule's file and line where there is one."""
        if self.rule:
            # Translators: {rule} is such as “.gitignore, line 12: *.o”
            return _("ignored by {rule}", rule=self.rule)
        return self.detail or self.reason.words


class FolderListing(NamedTuple):
    """What one folder holds itself; its subfolders have listings of their own."""

    folder: str
    """From the root; empty for the root."""
    files: list[FoundFile]
    left_out: list[LeftOut]
    problems: list[str]
    """Sentences about ignore files that could not be read."""
    unmatched: tuple[str, ...] = ()
    """In the last listing of a walk: the ``include`` patterns that matched nothing."""


@dataclass(frozen=True, slots=True)
class WalkOptions:
    """What belongs to a tree. Patterns are written as in an ignore file at the root."""

    respect_ignore_files: bool = True
    hidden: bool = False
    """Include files and folders whose name begins with a dot (or that Windows hides)."""
    largest: int | None = 100 * MB
    """Leave out files with more bytes than this."""
    reading: ReadOptions = FOUND_OUT
    """How its files become text, and whether those that are not text belong to it."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    taken_in: frozenset[str] = frozenset()
    """Absolute paths of files and folders that belong to it, with all that is in them, whatever rules, sizes
    and dots say."""
    project_file: bool = False
    """Whether what the root's project file says is to be applied: by whoever walks, see ``FindFiles``."""
    packs: frozenset[PackMark] = frozenset()
    """Texts that tokviz packed: they do not belong to it, unless an ``include`` pattern or ``taken_in`` names
    them."""


def walk(
    root: str | Path, options: WalkOptions | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[FolderListing]:
    """List the folders under ``root``, each before its subfolders, names in byte order.

    Nothing is opened but folders and ignore files. Links are not followed, so loops cannot be. A folder that
    cannot be read is left out with its reason; ``ReadError`` if that is the root, ValueError for a pattern
    that matches nothing. ``environment`` says where the user's global excludes are (the process's own).
    """
    return _Walker(Path(root).absolute(), options or WalkOptions(), environment).run(str(root))


def walk_again(
    root: str | Path,
    options: WalkOptions,
    changed: Collection[str],
    known: Collection[str],
    environment: Mapping[str, str] | None = None,
) -> Iterator[tuple[FolderListing, list[str]]]:
    """Of the folders under ``root``, list those that have ``changed`` (paths from the root), those above
    them, and those in them that are not ``known``: each with the folders in it that belong to the tree. See
    ``walk``.
    """
    return _Walker(Path(root).absolute(), options, environment).run_again(str(root), changed, known)


_INCLUDE_OPTION, _EXCLUDE_OPTION = "--include", "--exclude"
_LINKED = _("a linked work tree of the same repository")


class _Folder(NamedTuple):
    full: bytes
    path: bytes
    rules: FolderRules
    included: bool
    """An ``include`` pattern matches this folder or one above it."""
    ignored: Rule | None = None
    """The rule that leaves out all in it that git does not track."""
    taken_in: bool = False
    """It, or a folder above it, is one of ``WalkOptions.taken_in``."""


class _Walker:
    def __init__(self, root: Path, options: WalkOptions, given: Mapping[str, str] | None) -> None:
        environment = os.environ if given is None else given
        # As git has it by default on systems whose file names differ in more than case.
        ignore_case = sys.platform in ("win32", "darwin")
        self._root = root
        self._options = options
        self._taken_in = frozenset(map(os.fsencode, options.taken_in))
        self._packs = PackFinder(options.packs, options.include)
        include = option_rules(options.include, _INCLUDE_OPTION, root, ignore_case=ignore_case)
        exclude = option_rules(options.exclude, _EXCLUDE_OPTION, root, ignore_case=ignore_case)
        self._unmatched = {
            pattern: Decider([Placed(option_rules([pattern], _INCLUDE_OPTION, root))])
            for pattern in options.include
        }
        self._include = Decider([Placed(include)]) if len(include) else None
        self._exclude = Decider([Placed(exclude)]) if len(exclude) else None
        self._careful = bool(_WINDOWS or self._include or self._exclude or options.taken_in or options.hidden)
        """Something else than ignore files has a say about every name."""
        self._ignore_files = (
            IgnoreFiles(root, ignore_case=ignore_case, environment=environment)
            if options.respect_ignore_files
            else None
        )

    def run_again(
        self, name: str, changed: Collection[str], known: Collection[str]
    ) -> Iterator[tuple[FolderListing, list[str]]]:
        above = {
            "/".join(path.split("/")[:depth]) for path in changed for depth in range(path.count("/") + 2)
        }

        def wanted(folder: _Folder) -> bool:
            path = _text(folder.path)
            return path in above or path not in known

        for listing, found in self._walk(name, wanted):
            yield listing, [_text(folder.path) for folder in found]

    def run(self, name: str) -> Iterator[FolderListing]:
        last = None
        for listing, _folders in self._walk(name, lambda _folder: True):
            if last is not None:
                yield last
            last = listing
        if last is not None:
            yield last._replace(unmatched=tuple(self._unmatched))

    def _walk(
        self, name: str, wanted: Callable[["_Folder"], bool]
    ) -> Iterator[tuple[FolderListing, list["_Folder"]]]:
        """Each folder with the folders in it; those that are not ``wanted`` are not looked into."""
        rules = self._ignore_files.at_root() if self._ignore_files else FolderRules()
        pending = [_Folder(os.fsencode(self._root), b"", rules, self._takes_all)]
        while pending:
            folder = pending.pop()
            found: list[_Folder] = []
            try:
                listing = self._list(folder, found)
            except OSError as error:
                why = system_errors.reason(error)
                if not folder.path:
                    raise ReadError(name, why, _("name a folder that you may read")) from error
                shown = _text(folder.path)
                gone = LeftOut(shown, True, Reason.UNREADABLE, detail=why)
                listing = FolderListing(shown, [], [gone], [])
            pending.extend(filter(wanted, reversed(found)))
            yield listing, found

    def _list(self, folder: _Folder, subfolders: list[_Folder]) -> FolderListing:
        with os.scandir(folder.full) as scan:
            entries = sorted(scan, key=attrgetter("name"))
        rules = folder.rules
        if self._ignore_files and folder.path:
            names = {entry.name for entry in entries if entry.name.startswith(b".")}
            if names:
                rules = self._ignore_files.inside(rules, folder.full, folder.path, names)
        listing = FolderListing(_text(folder.path), [], [], self._problems())
        if folder.path and rules.is_other_work_tree(folder.rules):
            gone = LeftOut(_text(folder.path), True, Reason.VERSION_CONTROL, detail=_LINKED)
            return FolderListing(_text(folder.path), [], [gone], [])
        inside = folder.path + b"/" if folder.path else b""
        folder = folder._replace(rules=rules)
        watched = self._watched([entry.name for entry in entries], inside, folder)
        most = sys.maxsize if self._options.largest is None else self._options.largest
        shown, is_regular, files, packs = _text(inside), stat.S_ISREG, listing.files, self._packs.sizes
        for entry in entries:  # no call that is not needed: this runs for every file of a tree
            name = entry.name
            if name not in watched:  # it belongs to the tree if it is a file or folder
                if entry.is_dir(follow_symlinks=False):
                    subfolders.append(_Folder(entry.path, inside + name, rules, True))
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                    size = status.st_size
                    if is_regular(status.st_mode) and size <= most and size not in packs:
                        path = shown + name.decode(_ENCODING, _ERRORS)
                        files.append(FoundFile(path, size, status.st_mtime_ns))
                        continue
                except OSError:
                    pass  # told below
            self._judge(entry, inside + name, folder, subfolders, listing)
        listing.problems.extend(self._problems())
        return listing

    def _judge(
        self,
        entry: "os.DirEntry[bytes]",
        path: bytes,
        folder: _Folder,
        found: list[_Folder],
        listing: FolderListing,
    ) -> None:
        """Take one of the entries of ``folder`` in, or leave it out with its reason."""
        is_folder = entry.is_dir(follow_symlinks=False)
        reason, ignored = self._judged(entry.name, path, is_folder, folder.rules, folder.ignored)
        taken_in = folder.taken_in or entry.path in self._taken_in
        if taken_in and reason and reason[0] is not Reason.VERSION_CONTROL:
            reason = None
        try:
            # The type comes with the listing on most systems; only files need their size looked up.
            status = entry.stat(follow_symlinks=False) if not is_folder or _WINDOWS else None
        except OSError as error:
            gone = LeftOut(_text(path), is_folder, Reason.UNREADABLE, detail=system_errors.reason(error))
            listing.left_out.append(gone)
            return
        if reason:
            size = 0 if is_folder or status is None else status.st_size
            listing.left_out.append(LeftOut(_text(path), is_folder, reason[0], size, reason[1]))
            return
        included = self._included(entry.name, path, is_folder, folder.included)
        if is_folder and included is None:
            listing.left_out.append(LeftOut(_text(path), True, Reason.NOT_INCLUDED))
        elif is_folder and not (status and _windows(status, _WINDOWS_REPARSE)):
            found.append(_Folder(entry.path, path, folder.rules, bool(included), ignored, taken_in))
        elif status:
            whatever = entry.path in self._taken_in
            is_pack = not taken_in and self._packs.find(entry, path, status)
            self._take_or_leave(_text(path), status, bool(included), listing, whatever, is_pack)

    def _watched(self, names: Collection[bytes], inside: bytes, folder: _Folder) -> Collection[bytes]:
        """Those of the names in a folder of which something may be said, so that they are looked at one by
        one. Mostly it is none: the others belong to the tree if they are files or folders."""
        if self._careful or folder.ignored or folder.taken_in or not folder.included:
            return frozenset(names)
        dotted = (name for name in names if name.startswith(b"."))
        return frozenset(dotted).union(folder.rules.spoken_of(inside, names), _VERSION_CONTROL)

    def _problems(self) -> list[str]:
        if not self._ignore_files:
            return []
        return self._ignore_files.take_problems()

    @property
    def _takes_all(self) -> bool:
        """Whether everything is included but for what a pattern takes out."""
        return all(pattern.startswith("!") for pattern in self._options.include)

    def _included(self, name: bytes, path: bytes, folder: bool, around: bool) -> bool | None:
        """Whether ``include`` takes it, as it does the folder ``around``; None if a pattern takes it out."""
        if self._include is None:
            return around
        for pattern, decider in list(self._unmatched.items()):
            if decider.match(path, name, folder=folder):
                del self._unmatched[pattern]
        chosen = self._include.match(path, name, folder=folder)
        if chosen is None:
            return around
        return None if chosen.negated else True

    def _judged(
        self, name: bytes, path: bytes, folder: bool, rules: FolderRules, ignored: Rule | None
    ) -> tuple[tuple[Reason, Rule | None] | None, Rule | None]:
        """Why it is left out, if it is, and the rule that leaves out all in it that git does not track."""
        reason = self._against_name(name, path, folder, rules, ignored)
        rule = reason[1] if reason else None
        if rule and self._is_tracked(path, rules, rule):
            return None, rule
        return reason, ignored

    def _is_tracked(self, path: bytes, rules: FolderRules, rule: Rule) -> bool:
        by_option = self._exclude is not None and rule.source == _EXCLUDE_OPTION
        return not by_option and rules.holds_tracked(path, rule)

    def _against_name(
        self, name: bytes, path: bytes, folder: bool, rules: FolderRules, ignored: Rule | None
    ) -> tuple[Reason, Rule | None] | None:
        if name in _VERSION_CONTROL:
            return Reason.VERSION_CONTROL, None
        if self._exclude and (rule := self._exclude.match(path, name, folder=folder)):
            return None if rule.negated else (Reason.RULE, rule)
        if rule := rules.match(path, name, folder=folder):
            # A rule that takes something in by name takes it in although it is hidden.
            return None if rule.negated else (Reason.RULE, rule)
        if ignored and not rules.holds_tracked(path, ignored):
            return Reason.RULE, ignored
        if name.startswith(b".") and not self._options.hidden:
            return Reason.HIDDEN, None
        return None

    def _take_or_leave(
        self,
        path: str,
        status: os.stat_result,
        included: bool,
        listing: FolderListing,
        whatever: bool,
        is_pack: bool,
    ) -> None:
        """``whatever``: take in a file of whatever size."""
        size = status.st_size
        largest = self._options.largest
        left_out: LeftOut | None = None
        if not stat.S_ISREG(status.st_mode):
            left_out = _not_a_file(path, status.st_mode)
        elif not included:
            left_out = LeftOut(path, False, Reason.NOT_INCLUDED, size)
        elif not (self._options.hidden or whatever) and _WINDOWS and _windows(status, _WINDOWS_HIDDEN):
            left_out = LeftOut(path, False, Reason.HIDDEN, size)
        elif largest is not None and size > largest and not whatever:
            detail = ngettext("larger than {n} byte", "larger than {n} bytes", largest)
            left_out = LeftOut(path, False, Reason.TOO_LARGE, size, detail=detail)
        elif is_pack:
            left_out = LeftOut(path, False, Reason.PACK, size)
        if left_out:
            listing.left_out.append(left_out)
        else:
            listing.files.append(FoundFile(path, size, status.st_mtime_ns))


def _not_a_file(path: str, mode: int) -> LeftOut:
    if stat.S_ISLNK(mode) or stat.S_ISDIR(mode):
        detail = _("a link, which is not followed; what it leads to is counted where it lies")
        return LeftOut(path, False, Reason.LINK, detail=detail)
    return LeftOut(path, False, Reason.SPECIAL, detail=kind_of(mode))


def _text(path: bytes) -> str:
    return path.decode(_ENCODING, _ERRORS)


def _windows(status: os.stat_result, attribute: int) -> bool:
    return bool(getattr(status, "st_file_attributes", 0) & attribute)
