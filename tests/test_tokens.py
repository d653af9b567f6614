"""What a count's provenance says of itself."""

import pytest

from tokviz.tokens import Provenance


@pytest.mark.parametrize("provenance", Provenance)
def test_every_provenance_is_explained(provenance: Provenance) -> None:
    assert provenance.explanation
    assert not provenance.explanation.endswith(".")


def test_a_reconstruction_says_what_it_was_proved_on() -> None:
    assert Provenance.RECONSTRUCTED.explanation == (
        "rebuilt from the maker's published counts; equal on 2,242 of 2,242 texts; unofficial"
    )
