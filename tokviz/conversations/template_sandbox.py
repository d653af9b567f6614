"""Renders chat templates (Jinja) as the library transformers does, bounded in steps, time and size."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import Any

from jinja2 import Template, TemplateError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from tokviz.language import _

MOST_STEPS = 5_000_000
"""Rounds of loops and calls of macros of one rendering."""
LONGEST = 64_000_000
"""Characters of a rendered text, and of any text that a template makes on the way."""
SECONDS = 10.0
_STEP, _SIZED = "tokviz step", "tokviz size"  # verbatim
MARK_FIRST, MARK_LAST, MOST_MARKED = 0xF0000, 0x100000, 65_000
"""Characters of private use from these on mark where the text of a part begins and ends."""
MARK = re.compile(
    f"[{chr(MARK_FIRST)}-{chr(MARK_FIRST + MOST_MARKED)}{chr(MARK_LAST)}-{chr(MARK_LAST + MOST_MARKED)}]"
)


class TemplateRefusedError(ValueError):
    """A template that cannot be rendered with these messages; ``str()`` is a sentence."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment that transformers gives templates: the same whitespace, filters and functions.

    Every loop and macro counts its steps, and every product, power, format and concatenation is measured.
    That bounds the published templates with any messages.
    """

    intercepted_binops = frozenset(("*", "**", "%", "+"))

    def __init__(self, today: date) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
        self._today = today
        self._steps = 0
        self._deadline = 0.0
        self.filters |= {
            "tojson": _to_json,
            "json_value": _json_value,
            _STEP: self._step,
            _SIZED: self._sized,
        }
        self.globals |= {
            "raise_exception": _refuse,
            "strftime_now": self._strftime_now,
            "namespace": _NoPrivateNames,
        }

    def render(self, template: Template, values: Mapping[str, object]) -> str:
        """The text; TemplateRefusedError in a sentence."""
        self._steps, self._deadline = 0, time.monotonic() + SECONDS
        parts: list[str] = []
        length = 0
        try:
            for part in template.generate(values):
                length += len(part)
                if length > LONGEST:
                    raise TemplateRefusedError(_("The chat template writes too long a text."))
                parts.append(part)
        except TemplateRefusedError:
            raise
        except (TemplateError, RecursionError, MemoryError) as error:
            raise TemplateRefusedError(_sentence(error)) from error
        except Exception as error:  # whatever an expression of a stranger's template can raise
            raise TemplateRefusedError(_sentence(error)) from error
        return "".join(parts)

    def compiled(self, source: str) -> Template:
        """A template from its source; TemplateRefusedError if it is not valid Jinja."""
        try:
            return self.from_string(source)
        except (TemplateError, RecursionError, SyntaxError, ValueError, MemoryError) as error:
            raise TemplateRefusedError(
                _("The chat template is not valid: {reason}.", reason=_reason(error))
            ) from error

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what would grow beyond all bounds before it is worked out."""
        if operator == "*" and max(_size(left) * _amount(right), _size(right) * _amount(left)) > LONGEST:
            raise TemplateRefusedError(_("The chat template repeats a text too often."))
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TemplateRefusedError(
                _(
                    "The chat template uses “{operator}” in a way that no published one does.",
                    operator=operator,
                )
            )
        return self._sized(super().call_binop(context, operator, left, right))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in list(_loops(tree)):
            node.body.insert(0, nodes.ExprStmt(nodes.Filter(nodes.Const(True), _STEP, [], [], None, None)))
            if isinstance(node, nodes.For) and node.test is not None:
                step = nodes.Filter(nodes.Const(True), _STEP, [], [], None, None)
                node.test = nodes.And(step, node.test)
        for joined in list(tree.find_all(nodes.Concat)):
            joined.nodes = [nodes.Filter(one, _SIZED, [], [], None, None) for one in joined.nodes]
        tree.set_environment(self)
        return tree

    @pass_context  # or the compiler would work it out once
    def _step(self, _context: Context, value: bool) -> bool:
        self._steps += 1
        if self._steps > MOST_STEPS or (not self._steps % 256 and time.monotonic() > self._deadline):
            raise TemplateRefusedError(_("The chat template takes too many steps."))
        return value

    def _sized(self, value: Any) -> Any:
        if _size(value) > LONGEST:
            raise TemplateRefusedError(_("The chat template makes too long a text."))
        return value

    def _strftime_now(self, form: str) -> str:
        return datetime(self._today.year, self._today.month, self._today.day).strftime(form)


class _NoPrivateNames(Namespace):
    """Jinja's ``namespace``, without names that begin with an underscore."""

    def __setitem__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise SecurityError(_("“{name}” is not allowed", name=name))
        super().__setitem__(name, value)


class _Generation(Extension):
    """``{% generation %}``, which marks the model's own words for training, is its content."""

    tags = {"generation"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """The statements in between."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _loops(tree: nodes.Template) -> Iterator[nodes.For | nodes.Macro | nodes.CallBlock]:
    return chain(tree.find_all(nodes.For), tree.find_all(nodes.Macro), tree.find_all(nodes.CallBlock))


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Without Jinja's escapes for HTML."""
    if indent is not None and (not isinstance(indent, int) or indent > 16):
        raise TemplateRefusedError(_("The chat template indents JSON too far."))
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _json_value(value: object) -> str:
    """JSON text as the value that it spells, written anew; any other text as a string. For our own templates:
    the encoder that they follow reads arguments and results so. Marks around the text stay around it."""
    if not isinstance(value, str):
        return _to_json(value)
    marks = MARK.findall(value)
    told: object = MARK.sub("", value)
    with suppress(ValueError, RecursionError):
        told = json.loads(str(told))
    before, after = (marks[0], marks[-1]) if len(marks) > 1 else ("", "")
    return f"{before}{_to_json(told)}{after}"


def _refuse(message: object) -> None:
    raise TemplateError(str(message))


def _size(value: object) -> int:
    return len(value) if isinstance(value, (str, list, tuple)) else 0


def _amount(value: object) -> int:
    return value if isinstance(value, int) else 0


def _sentence(error: BaseException) -> str:
    return _("The chat template does not take this conversation: {reason}.", reason=_reason(error))


def _reason(error: BaseException) -> str:
    """What an error says, on one line of bounded length, without its full stop."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words[:200].rstrip(".")
