"""What a count's provenance says of itself, and what two counts are together."""

import pytest

from tokviz.tokens import Count, Provenance


@pytest.mark.parametrize("provenance", Provenance)
def test_every_provenance_is_explained(provenance: Provenance) -> None:
    assert provenance.explanation
    assert not provenance.explanation.endswith(".")


def test_a_reconstruction_says_what_it_was_proved_on() -> None:
    assert Provenance.RECONSTRUCTED.explanation == (
        "rebuilt from the maker's published counts; equal on 2,242 of 2,242 texts; unofficial"
    )


def test_together_counts_are_as_sure_as_the_less_sure() -> None:
    estimate = Count(10, Provenance.ESTIMATE, 8, 13)
    image = Count.certain(5, Provenance.FORMULA)
    assert estimate + image == image + estimate == Count(15, Provenance.ESTIMATE, 13, 18)
    assert Count.certain(1) + image == Count.certain(6, Provenance.FORMULA)


def test_a_count_without_some_of_its_tokens() -> None:
    whole = Count(100, Provenance.ESTIMATE, 90, 120)
    assert whole.without(30) == Count(70, Provenance.ESTIMATE, 60, 90)
    assert whole.without(110) == Count(0, Provenance.ESTIMATE, 0, 10)
