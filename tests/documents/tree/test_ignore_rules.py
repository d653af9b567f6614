"""One ignore file's content: what is a rule, and which of several decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.tree.ignore_rules import Decider, Placed, Rule, option_rules, parse_rules


def decide(text: str, path: str, *, ignore_case: bool = False) -> Rule | None:
    decider = Decider([Placed(parse_rules(text.encode(), ".gitignore", ignore_case=ignore_case))])
    return decider.match(path.encode(), path.rsplit("/", 1)[-1].encode(), folder=False)


def test_comments_blanks_and_line_ends() -> None:
    text = "\ufeffa\r\n# b\n\n  \n\\#c\n\\!d\ne  \nf\\ \n"
    assert decide(text, "a") == Rule(".gitignore", 1, "a", False)
    assert decide(text, "# b") is None
    for path, line in (("#c", 5), ("!d", 6), ("e", 7), ("f ", 8)):
        rule = decide(text, path)
        assert rule is not None
        assert rule.line == line


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (r"f\ ", "f "),  # a blank that is kept
        (r"f\   ", "f "),  # the first of several
        (r"f\\ ", "f\\"),  # a backslash, and a blank that is not kept
        (r"f\\\ ", "f\\ "),  # both
        (r"f\\\\ ", "f\\\\"),
        ("f  ", "f"),
    ],
)
def test_a_blank_at_the_end_stands_behind_an_odd_number_of_backslashes(line: str, name: str) -> None:
    assert decide(line + "\n", name) is not None
    for other in {"f", "f ", "f\\", "f\\ ", "f\\\\"} - {name}:
        assert decide(line + "\n", other) is None


def test_the_last_rule_that_matches_decides_whatever_its_form() -> None:
    text = "*.log\n!keep.log\n/out/keep.log\nk??p.log\n!out/*.log\n"
    for path, line in (
        ("a.log", 1),
        ("keep.log", 4),
        ("out/a.log", 5),
        ("out/keep.log", 5),
        ("x/keep.log", 4),
    ):
        rule = decide(text, path)
        assert rule is not None
        assert rule.line == line


def test_case_may_be_ignored() -> None:
    for pattern in ("README", "*.TXT", "/Doc/R*", "r?adme"):
        assert decide(pattern, "doc/readme.txt" if "*" in pattern else "Readme", ignore_case=True) is not None
        assert decide(pattern, "doc/readme.txt" if "*" in pattern else "Readme") is None


def test_more_globs_than_one_expression_holds() -> None:
    text = "".join(f"a*{number}x\n" for number in range(1000)) + "!a*500x\n"
    rule = decide(text, "a-500x")
    assert rule is not None
    assert (rule.line, rule.negated) == (1001, True)
    rule = decide(text, "a-7x")
    assert rule is not None
    assert rule.line == 8


def test_a_rule_says_where_it_stands() -> None:
    assert str(Rule("src/.gitignore", 3, "*.o", False)) == "src/.gitignore, line 3: *.o"
    assert str(Rule("--exclude", 0, "*.o", False)) == "--exclude: *.o"


def test_option_rules_refuse_what_matches_nothing() -> None:
    with pytest.raises(ValueError, match=r"--exclude \[a: the pattern matches nothing \(a bracket"):
        option_rules(["[a"], "--exclude")


_BLANKED = st.text("ab*?./![]-", min_size=1, max_size=7)
_NAMES = st.text("ab.-*", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))


@given(
    st.lists(_BLANKED, min_size=1, max_size=6),
    st.lists(_BLANKED, max_size=3),
    st.sampled_from(["", "a/", "a/b/"]),
    st.lists(_NAMES, max_size=8, unique=True),
    st.booleans(),
)
def test_no_rule_matches_a_name_that_none_is_said_to_speak_of(
    outer: list[str], inner: list[str], folder: str, names: list[str], ignore_case: bool
) -> None:
    around = parse_rules("\n".join(outer).encode(), ".gitignore", ignore_case=ignore_case)
    within = parse_rules("\n".join(inner).encode(), "a/.gitignore", ignore_case=ignore_case)
    decider = Decider([Placed(around), *([Placed(within, inside=b"a/")] if folder else [])])
    inside, all_names = folder.encode(), [name.encode() for name in names]
    matched = {
        name
        for name in all_names
        for is_folder in (False, True)
        if decider.match(inside + name, name, folder=is_folder)
    }
    assert matched <= set(decider.spoken_of(inside, all_names))


def test_a_rule_speaks_of_what_it_names_and_of_nothing_else() -> None:
    text = "*.o\nbuild\nlib*.so\n/src/gen*.c\n/doc/**/html\n"
    decider = Decider([Placed(parse_rules(text.encode(), ".gitignore"))])
    names = [b"a.c", b"a.o", b"build", b"gen.c", b"html", b"libx.so"]
    assert set(decider.spoken_of(b"", names)) == {b"a.o", b"build", b"libx.so"}
    assert set(decider.spoken_of(b"src/", names)) == {b"a.o", b"build", b"gen.c", b"libx.so"}
    assert set(decider.spoken_of(b"doc/x/", names)) == {b"a.o", b"build", b"html", b"libx.so"}
