"""Every word for people goes through ``tokviz.language``."""

import ast

import pytest

from tests.untranslated import PACKAGE, untranslated

MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("name", MODULES)
def test_words_go_through_the_catalogue(name: str) -> None:
    """If not: ``_("…")`` (tokviz/language.py), or ``# verbatim`` at the line's end if no person reads it."""
    assert untranslated(MODULES[name].read_text("utf-8")) == []


@pytest.mark.parametrize("name", MODULES)
def test_nothing_stands_in_the_way_of_the_name(name: str) -> None:
    """``for _ in …`` in a function makes ``_("…")`` there fail when it runs."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    for scope in [tree, *scopes]:
        if binds(scope):
            calls = [node for node in ast.walk(scope) if isinstance(node, ast.Call)]
            used = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"]
            assert not used, f"_ is a variable here, too: lines {used}"


def binds(scope: ast.AST) -> bool:
    """Whether ``_`` is a variable of this very scope."""
    waiting = [*ast.iter_child_nodes(scope)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.arg) and node.arg == "_":
            return True
        if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.MatchAs) and node.name == "_":
            return True
        # Comprehensions have a scope of their own.
        if not isinstance(
            node, ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
        ):
            waiting += ast.iter_child_nodes(node)
    return False


@pytest.mark.parametrize(
    "source",
    [
        'label("Open the file")',
        'label("&Open…")',
        'label("Previe&w Chunks…")',
        'f"{n} tokens left"',
        'x = f"{n} files"',
        'action(tip="Show all of it", key="x")',
        '_("{n} are left", n=f"{n} of them all")',
        'parser.error("name the file too")',
    ],
)
def test_words_are_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        '_("Open the file")',
        'ngettext("{n} file is open", "{n} files are open", n)',
        '_log.warning("Cannot read %s of it", x)',
        '"""A docstring of it."""',
        'x = "utf-8"',
        'raise ValueError("no such thing here")',
        'x: "list of it"',
        'style = "QLabel and so on"  # verbatim',
    ],
)
def test_what_is_no_word_for_people_is_left_alone(source: str) -> None:
    assert untranslated(source) == []


def test_a_variable_in_the_way_is_found() -> None:
    assert binds(ast.parse("def f():\n    a, _ = g()\n").body[0])
    assert not binds(ast.parse("def f():\n    return [1 for _ in g()]\n").body[0])
