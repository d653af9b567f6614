"""Of a choice in a page its text has what a browser shows of it."""

import pytest

from tests.documents.extraction.test_formats import text_of

COLOURS = "<option>Red<option selected>Light <b>green</b></option><optgroup label=x><option>Blue</optgroup>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>Colour: <select>{COLOURS}</select>, please", "Colour: Light green, please\n"),
        ("<p>Size <select><option>S<option>M</select>", "Size S\n"),
        (
            f"<p>Any of<select multiple>{COLOURS}</select>done",
            "Any of\n\n- Red\n- Light green\n- Blue\n\ndone\n",
        ),
        ("<select size=4><option>S<option>M</select>", "- S\n- M\n"),
        ("<select size=1><option>S<option>M</select>", "S\n"),
        ("<p>a<select></select>b", "ab\n"),
        ("<p>a<select>text<hr></select>b", "ab\n"),
        ("<form><select><option>S</form><p>after", "S\n\nafter\n"),
        ("<table><tr><td><select><option>S<td>b</table>", "S\tb\n"),
        ("<input list=l><datalist id=l><option>S<option>M</datalist>x", "x\n"),
        ("<select><option>S<script>1</script></select>x", "S x\n"),
        ("<select><option>S<select><option>T</select>", "S T\n"),
        ("<select><option>S", "S\n"),
    ],
)
def test_a_choice(html: str, text: str) -> None:
    assert text_of(html.encode(), "a.html") == text
