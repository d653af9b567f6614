"""Which strings of the source are words for people and go past ``tokviz.language``.

python -m tests.untranslated tokviz/ui/shell ...
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import tokviz

PACKAGE = Path(tokviz.__file__).parent
MARK = "# verbatim"
"""At the end of a line: its strings are for programs, or are names that stay in every language."""
_WORDS = re.compile(
    r"[A-Za-z]{2,}[,;:.)”]* [A-Za-z(“{&]"  # words with a blank between them
    r"|^\W*[A-Z][a-z&]{2,}[…:.]?\W*$"  # one with a capital
    r"|^ [a-z]{2,}|[a-z]{2,}[,;:]? $"  # a piece that is to stand beside another
)
_MNEMONIC = re.compile(r"(?<=\w)&(?=\w)(?!\w+;)")
_KEY = re.compile(r"(Ctrl|Alt|Shift)\+")
_SAYS = {"_", "N_", "ngettext", "pgettext", "npgettext"}
_SPEAKS_TO_PROGRAMMERS = {
    *("debug", "info", "warning", "error", "exception", "critical", "log"),
    *("ValueError", "TypeError", "AssertionError", "RuntimeError", "NotImplementedError", "KeyError"),
    *("compile", "setObjectName", "setProperty", "TypeVar", "ParamSpec", "cast", "NewType", "namedtuple"),
}
_LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def untranslated(source: str) -> list[tuple[int, str]]:
    """(line, string) of each in a module's source."""
    tree = ast.parse(source)
    lines = source.splitlines()
    exempt = set(_exempt(tree))
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in exempt
    ]
    return sorted(
        (node.lineno, str(node.value))
        for node in found
        if is_words(str(node.value)) and not _is_marked(node, lines)
    )


def is_words(text: str) -> bool:
    """Whether a person would read it: words, not the name of a key."""
    return any(_WORDS.search(each) for each in (text, _MNEMONIC.sub("", text))) and not _KEY.match(text)


def _is_marked(node: ast.Constant, lines: list[str]) -> bool:
    return any(MARK in lines[at - 1] for at in range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _exempt(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):  # docstrings
                yield node.value
            case ast.Call():
                if _name(node.func) in _SAYS:
                    yield from node.args
                elif _is_for_programmers(node):
                    yield from ast.walk(node)
            case ast.AnnAssign():
                yield from ast.walk(node.annotation)
            case ast.arg(annotation=ast.expr() as annotation):
                yield from ast.walk(annotation)
            case (
                ast.FunctionDef(returns=ast.expr() as returns)
                | ast.AsyncFunctionDef(returns=ast.expr() as returns)
            ):
                yield from ast.walk(returns)
            case ast.Assert(msg=ast.expr() as told):
                yield from ast.walk(told)
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                yield from ast.walk(node.value)


def _is_for_programmers(call: ast.Call) -> bool:
    name = _name(call.func)
    if name in _LOGS:  # of a logger, not of an argument parser
        return isinstance(call.func, ast.Attribute) and "log" in ast.unparse(call.func.value).lower()
    return name in _SPEAKS_TO_PROGRAMMERS


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def main(paths: Iterable[str]) -> None:
    """Print them, for the files and folders that are named."""
    for named in map(Path, paths):
        for path in sorted(named.rglob("*.py")) if named.is_dir() else [named]:
            for line, text in untranslated(path.read_text("utf-8")):
                print(f"{path}:{line}: {text!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
