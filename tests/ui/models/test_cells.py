"""What the cells of the models panel say."""

from tokviz.ui.models.cells import Lines, in_one


def test_a_model_that_is_not_counted_yet_begins_with_no_separator() -> None:
    assert in_one(Lines("", "of 128,000")) == ["of 128,000", "", ""]
    assert in_one(Lines("7.0 %", "971,335 left", "971k left")) == [
        "7.0 % · 971,335 left",
        "7.0 % · 971k left",
        "7.0 %",
    ]
