"""One ignore file's content: what is a rule, and which of several decides."""

import pytest

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
