"""The template language: what it puts in, what it leaves out, and where a mistake is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.pack_template import PackTemplate, TemplateError, read_template
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, pack

FILES = "{{#files}}{{text}}{{/files}}"


def rendered(source: str, *files: PackedFile, **options: bytes) -> str:
    layout = PackLayout(read_template(source, "own"), **options)  # type: ignore[arg-type]
    return b"".join(pack("p", [file.path for file in files], files, layout)).decode()


def test_values_sections_remarks_and_forms() -> None:
    source = (
        "{{! a remark }}\n{{#before}}\n> {{before}}{{/before}}{{^after}}\nnothing after\n{{/after}}\n"
        '{{"{{"}}{{name}}}}\n{{#files}}\n{{ path | attribute }}:{{text|fence}}{{text}}{{/files}}\n'
    )
    text = rendered(source, PackedFile('a"b.py', b"x"), PackedFile("c", b"```"), before=b"Look")
    assert text == '> Look\n\nnothing after\n{{p}}}}\n\'a"b.py\':```x\n"c":```````\n\n'.replace("}}}}", "}}")


def test_a_section_alone_on_its_line_leaves_no_line() -> None:
    assert (
        rendered("a\n  {{#tree}}  \n{{tree}}\n  {{/tree}}\nb\n" + FILES, PackedFile("x", b"1\n"))
        == "a\nx\n\nb\n1\n"
    )
    assert rendered("a {{#tree}}b{{/tree}} c\n" + FILES, PackedFile("x", b"")) == "a b c\n"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a\n{{#files}}\n{{text}}", "own, line 2: {{#files}} is not closed by {{/files}}."),
        ("\n\n{{nmae}}" + FILES, "own, line 3: there is no “nmae” here; there are name, before,"),
        ("{{path}}" + FILES, "own, line 1: path is a file's; write it between {{#files}} and {{/files}}."),
        (
            "{{name|upper}}" + FILES,
            "own, line 1: there is no form “upper”; there are fence, rule, cdata, attribute.",
        ),
        (
            "{{#tree}}\n{{/name}}" + FILES,
            "own, line 2: {{/name}} stands where {{#tree}} of line 1 is to be closed.",
        ),
        ("{{/tree}}" + FILES, "own, line 1: {{/tree}} closes nothing."),
        ("{{#tree}}" + FILES + "{{/tree}}", "own, line 1: {{#files}} stands once, and in no other section."),
        (FILES + FILES, "own, line 1: {{#files}} stands once, and in no other section."),
        ("{{name}}", "own has no {{#files}} … {{/files}}, so it would hold none of the files."),
        ("\n{{#files}}{{#piece}}{{text}}{{/piece}}{{/files}}", "own, line 2: {{text}} must stand between"),
        (FILES + "\n{{ name", "own, line 2: “{{” is not closed by “}}”"),
        (FILES + "{{a.b}}", "own, line 1: “{{a.b}}” is no tag"),
        (FILES + "{{''.__class__}}", "own, line 1: “{{''.__class__}}” is no tag"),
        (FILES + "{{files}}", "own, line 1: files is no value"),
        ("{{#tree}}" * 30 + FILES, "own, line 1: there are too many sections in one another."),
        ("x" * (2 << 20), "own is too large for a template (1 MB at most)."),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(source: str, sentence: str) -> None:
    with pytest.raises(TemplateError) as caught:
        read_template(source, "own")
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value).strip()


@given(st.text(st.sampled_from('{}#/^!"|name texfilspath\n')))
def test_any_text_is_a_template_or_a_mistake(source: str) -> None:
    try:
        template = read_template(source, "own")
    except TemplateError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(template, PackTemplate)


def test_nothing_of_the_users_is_lost_in_silence() -> None:
    layout = PackLayout(read_template(FILES, "own"), before=b"Look")
    with pytest.raises(TemplateError, match=r"has no \{\{before\}\}, so your text before would be lost"):
        layout.check()
    with pytest.raises(TemplateError, match=r"has no \{\{part\}\}, so which part it is would be lost"):
        PackLayout(read_template(FILES, "own")).check(split=True)


@pytest.mark.parametrize("form", list(PackFormat))
def test_every_format_can_be_ones_own(form: PackFormat) -> None:
    PackLayout(read_template(form.source, "own"), b"before", b"after").check(split=True)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (PackFormat.MARKDOWN, "## a.py (shortened: without comments)\n"),
        (PackFormat.XML, '<file path="a.py" shortened="without comments">'),
        (PackFormat.PLAIN, "==== a.py (shortened: without comments)\n"),
    ],
)
def test_a_shortened_file_says_so(form: PackFormat, expected: str) -> None:
    files = [PackedFile("a.py", b"x\n", shortened="without comments"), PackedFile("b.py", b"y\n")]
    text = b"".join(pack("p", ["a.py", "b.py"], files, PackLayout(form.template))).decode()
    assert expected in text
    assert text.count("shortened") == 1
