"""Templates that lay files out as one text: the tags of Mustache, and nothing that computes.

``{{path}}`` is a value, ``{{text|fence}}`` a form of one. ``{{#name}}…{{/name}}`` is there only if the value
is, ``{{^name}}…{{/name}}`` only if not; ``{{#files}}…{{/files}}`` comes once for every file. ``{{! … }}`` is
a remark, ``{{"{{"}}`` stands for two braces. A tag of a section or remark that is alone on its line takes the
line with it.

A template can ask for nothing but the values below and holds no loop but that over the files. So a
stranger's is safe, takes time in proportion to its text, and a mistake in it has a line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tokviz.analysis.escaping import xml_text
from tokviz.language import _
from tokviz.lists import listed

FILES = "files"
WHOLE = ("name", "before", "tree", "after", "part", "parts", "contents")
"""Values of the whole text: its name, the user's own text before and after, the folders and files as lines,
and of one of several parts its number, how many there are, and what is in it."""
OF_FILE = ("path", "piece", "shortened", "text", "language", "pictures")
"""Values of a file: of a part of one also which lines, what made its text shorter, and whether its controls
are written as pictures."""
LARGEST = 1 << 20
"""Bytes of a template."""
_DEEPEST = 20
_TAG = re.compile(r'\{\{(?:"(?P<literal>[^"\n]*)"|(?P<kind>[#^/!]?)\s*(?P<body>.*?)\s*)\}\}', re.DOTALL)
_BODY = re.compile(r"(\w+)(?:\s*\|\s*(\w+))?")
_BACKTICKS, _RULES = re.compile(rb"`{3,}"), re.compile(rb"={4,}")
_CDATA_END = b"]]>"


class TemplateError(ValueError):
    """A template with a mistake; ``str()`` is one sentence that names the line."""


def fence(text: bytes) -> bytes:
    """Backticks that no run of them in ``text`` ends."""
    return _longer(b"`", 3, text, _BACKTICKS)


def _longer(sign: bytes, least: int, text: bytes, runs: "re.Pattern[bytes]") -> bytes:
    """More of a sign than any run of it in ``text``, which seldom has one: looking that up is much faster."""
    if sign * least not in text:
        return sign * least
    return sign * (max(map(len, runs.findall(text))) + 1)


def cdata(text: bytes) -> bytes:
    """A CDATA section of whole lines that holds ``text``, as far as XML can."""
    text = xml_text(text)
    # Its own end is the only thing that CDATA cannot hold; it is divided among two of them.
    inside = text.replace(_CDATA_END, b"]]]]><![CDATA[>") if _CDATA_END in text else text
    return b"".join((b"<![CDATA[\n", inside, b"]]>"))


def _rule(text: bytes) -> bytes:
    return _longer(b"=", 4, text, _RULES)


def _attribute(text: bytes) -> bytes:
    from xml.sax.saxutils import quoteattr  # it loads an HTTP client, which a plain count does without

    return quoteattr(xml_text(text).decode()).encode()


FORMS: Mapping[str, Callable[[bytes], bytes]] = {
    "fence": fence,
    "rule": _rule,
    "cdata": cdata,
    "attribute": _attribute,
}
"""What can be made of a value: backticks or equals signs longer than any in it; CDATA; it quoted for XML."""
ValueOf = Callable[[str], bytes]
"""Gives the value of a name; empty: there is none."""


@dataclass(frozen=True, slots=True)
class _Value:
    name: str
    form: Callable[[bytes], bytes] | None


@dataclass(slots=True)
class _Section:
    name: str
    inverted: bool
    line: int
    nodes: "list[bytes | _Value | _Section]" = field(default_factory=list)


@dataclass(frozen=True)
class PackTemplate:
    """A template that was read. Make one with ``read_template``."""

    head: Sequence[bytes | _Value | _Section]
    file: Sequence[bytes | _Value | _Section]
    foot: Sequence[bytes | _Value | _Section]
    names: frozenset[str]
    """The values that it asks for anywhere."""

    def render(self, whole: ValueOf, files: Iterable[ValueOf]) -> Iterator[bytes]:
        """The text, in parts to be joined: the head, then each of ``files`` as it comes, then the foot."""
        yield _rendered(self.head, whole)
        for each in files:
            yield self.render_file(whole, each)
        yield _rendered(self.foot, whole)

    def render_file(self, whole: ValueOf, file: ValueOf) -> bytes:
        """What one file brings."""
        return _rendered(self.file, lambda name: file(name) if name in OF_FILE else whole(name))


def read_template(source: str, name: str) -> PackTemplate:
    """The template ``source``, called ``name`` in sentences. TemplateError if there is a mistake in it."""
    return _Reader(source, name).read()


def _rendered(nodes: Iterable[bytes | _Value | _Section], value: ValueOf) -> bytes:
    return b"".join(_parts(nodes, value))


def _parts(nodes: Iterable[bytes | _Value | _Section], value: ValueOf) -> Iterator[bytes]:
    for node in nodes:
        if isinstance(node, bytes):
            yield node
        elif isinstance(node, _Value):
            yield node.form(value(node.name)) if node.form else value(node.name)
        elif bool(value(node.name)) is not node.inverted:
            yield from _parts(node.nodes, value)


class _Reader:
    def __init__(self, source: str, name: str) -> None:
        self._source = source
        self._name = name
        self._names: set[str] = set()
        self._open = [_Section("", False, 1)]
        """The sections around what is read, the outermost first."""
        self._files: _Section | None = None
        self._head: list[bytes | _Value | _Section] = []

    def read(self) -> PackTemplate:
        if len(self._source) > LARGEST:
            raise TemplateError(
                _(
                    "{name} is too large for a template ({most} MB at most).",
                    name=self._name,
                    most=LARGEST >> 20,
                )
            )
        done = 0
        for tag in _TAG.finditer(self._source):
            start, end = _without_own_line(self._source, tag)
            self._add_text(done, max(done, start))
            done = end
            self._add_tag(tag)
        self._add_text(done, len(self._source))
        if len(self._open) > 1:
            section = self._open[-1]
            tags = {"tag": _begin_tag(section.name), "end": _end_tag(section.name)}
            self._fail(section.line, _("{tag} is not closed by {end}", **tags))
        if self._files is None:
            raise TemplateError(
                _("{name} has no {tags}, so it would hold none of the files.", name=self._name, tags=_AROUND)
            )
        if not any(isinstance(node, _Value) and node.name == "text" for node in self._files.nodes):
            self._fail(
                self._files.line,
                _(
                    "{tag} must stand between {begin} and {end}, in no section",
                    tag="{{text}}",
                    begin=_begin_tag(FILES),
                    end=_end_tag(FILES),
                ),
            )
        return PackTemplate(self._head, self._files.nodes, self._open[0].nodes, frozenset(self._names))

    def _fail(self, line: int, what: str) -> None:
        # Translators: {what} is what is wrong in a line of a file
        raise TemplateError(_("{file}, line {line}: {what}.", file=self._name, line=line, what=what))

    def _line(self, offset: int) -> int:
        return self._source.count("\n", 0, offset) + 1

    def _add_text(self, start: int, end: int) -> None:
        text = self._source[start:end]
        if (at := text.find("{{")) >= 0:
            self._fail(
                self._line(start + at),
                _(
                    "“{opening}” is not closed by “{closing}”; write {literal} for two braces",
                    opening="{{",
                    closing="}}",
                    literal='{{"{{"}}',
                ),
            )
        if text:
            self._open[-1].nodes.append(text.encode("utf-8", "replace"))

    def _add_tag(self, tag: re.Match[str]) -> None:
        line, kind = self._line(tag.start()), tag["kind"]
        if tag["literal"] is not None:
            self._open[-1].nodes.append(tag["literal"].encode("utf-8", "replace"))
            return
        if kind == "!":
            return
        body = _BODY.fullmatch(tag["body"])
        if body is None:
            self._fail(
                line,
                _(
                    "“{tag}” is no tag; there are {value}, {begin} and {end}",
                    tag=tag[0][:60],
                    value="{{name}}",
                    begin=_begin_tag("name"),
                    end=_end_tag("name"),
                ),
            )
            return
        name, form = body[1], body[2]
        if kind == "/":
            self._close(name, line)
            return
        self._check(name, line)
        if kind:
            self._begin(name, kind == "^", line)
            return
        if name == FILES:
            self._fail(line, _("{name} is no value; write {tags}", name=FILES, tags=_AROUND))
        if form and form not in FORMS:
            self._fail(
                line, _("there is no form “{form}”; there are {forms}", form=form, forms=listed(FORMS))
            )
        self._names.add(name)
        self._open[-1].nodes.append(_Value(name, FORMS[form] if form else None))

    def _check(self, name: str, line: int) -> None:
        inside = any(section.name == FILES for section in self._open)
        known = (*WHOLE, *OF_FILE) if inside else (*WHOLE, FILES)
        if name in OF_FILE and not inside:
            begin, end = _begin_tag(FILES), _end_tag(FILES)
            self._fail(
                line,
                _("{name} is a file's; write it between {begin} and {end}", name=name, begin=begin, end=end),
            )
        if name not in known:
            self._fail(
                line,
                _("there is no “{name}” here; there are {names}", name=name, names=listed(known)),
            )

    def _begin(self, name: str, inverted: bool, line: int) -> None:
        section = _Section(name, inverted, line)
        if name == FILES:
            if inverted or len(self._open) > 1 or self._files is not None:
                self._fail(line, _("{tag} stands once, and in no other section", tag=_begin_tag(FILES)))
            self._files, self._head = section, self._open[0].nodes
            self._open[0].nodes = []
        else:
            if len(self._open) > _DEEPEST:
                self._fail(line, _("there are too many sections in one another"))
            self._open[-1].nodes.append(section)
        self._open.append(section)

    def _close(self, name: str, line: int) -> None:
        section = self._open[-1]
        if len(self._open) == 1:
            self._fail(line, _("{tag} closes nothing", tag=_end_tag(name)))
        if section.name != name:
            self._fail(
                line,
                _(
                    "{tag} stands where {begin} of line {line} is to be closed",
                    tag=_end_tag(name),
                    begin=_begin_tag(section.name),
                    line=section.line,
                ),
            )
        self._open.pop()


def _begin_tag(name: str) -> str:
    return f"{{{{#{name}}}}}"


def _end_tag(name: str) -> str:
    return f"{{{{/{name}}}}}"


_AROUND = f"{_begin_tag(FILES)} … {_end_tag(FILES)}"


def _without_own_line(source: str, tag: re.Match[str]) -> tuple[int, int]:
    """Where a tag begins and ends; with its whole line, if it puts nothing in and is alone there."""
    start, end = tag.span()
    if not tag["kind"]:
        return start, end
    before = source.rfind("\n", 0, start) + 1
    after = source.find("\n", end)
    stop = len(source) if after < 0 else after
    if source[before:start].strip() or source[end:stop].strip():
        return start, end
    return before, len(source) if after < 0 else after + 1
