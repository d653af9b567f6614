"""Lists in sentences, and that every sentence has its list from there."""

import ast
from pathlib import Path

import tokviz
from tokviz.lists import both, either, listed

PACKAGE = Path(tokviz.__file__).parent
FOR_PROGRAMS = {
    # What is to be typed so, keys that are taken apart again, and what is the same in every language.
    ("cli/inputs.py", "Shortening"),
    ("analysis/codebase/suggestions.py", "kinds"),
    ("analysis/conversation/counted_context.py", "name"),
    ("documents/shortening/shortenings.py", "_LABELS[one][1]"),
    ("language.py", "(ENGLISH, *_codes())"),
}


def test_lists_are_written_as_english_writes_them() -> None:
    assert listed(["one", "two", "three"]) == "one, two, three"
    assert listed(["{one}"]) == "{one}"
    assert listed([]) == ""
    assert either(["UTF-8", "GBK", "Big5"]) == "UTF-8 or GBK or Big5"
    assert both(["Monday", "{Friday}"]) == "Monday and {Friday}"
    assert either(["GBK"]) == both(["GBK"]) == "GBK"


def test_no_list_for_people_has_english_commas_in_every_language() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "', '.join":
                joined = node.args[0]
                what = joined.elt if isinstance(joined, ast.GeneratorExp) else joined
                found.add((path.relative_to(PACKAGE).as_posix(), ast.unparse(what)))
    assert found == FOR_PROGRAMS
