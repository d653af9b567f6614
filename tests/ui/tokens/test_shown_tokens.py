"""Reading tokens for the panels: what the vocabulary says arrives later, what is not known is not said."""

from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host
from tokviz.tokenization.merge_ranks import MergeRank
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.worker.text_jobs import DescribeTokens


def test_facts_are_asked_for_together_and_once(qtbot: QtBot) -> None:
    host = Host(b"AI models are fascinating")
    ids = host.tokens.ids().tolist()
    assert all(host.facts.get(token_id) is None for token_id in ids)
    with qtbot.waitSignal(host.shown.facts_arrived):
        pass
    known = [host.facts.get(token_id) for token_id in ids]
    assert b"".join(fact.data or b"" for fact in known if fact) == b"AI models are fascinating"
    assert all(fact and fact.merge_rank == MergeRank(rank=fact.token_id) for fact in known)
    assert len(host.worker.jobs) == 1


def test_another_tokenizer_has_another_vocabulary(qtbot: QtBot) -> None:
    host = Host(b"Hello")
    token_id = int(host.tokens.ids()[0])
    host.facts.ask((token_id,))
    host.owner.choose("tekken")
    assert host.facts.get(token_id) is None
    with qtbot.waitSignal(host.shown.facts_arrived):
        pass
    fact = host.facts.get(token_id)
    assert fact is not None and fact.data != b"Hello"
    assert {str(job) for job in host.worker.jobs} == {"looking up tokens of tekken"}
    host.facts.ask((1001,))
    qtbot.waitUntil(lambda: host.facts.get(1001) is not None)
    fact = host.facts.get(1001)
    assert fact is not None and fact.merge_rank == MergeRank(rank=1)


def test_an_id_that_no_token_has_is_known_to_be_none(qtbot: QtBot) -> None:
    host = Host(b"a")
    host.facts.ask((10**7,))
    qtbot.waitUntil(lambda: host.facts.get(10**7) is not None)
    fact = host.facts.get(10**7)
    assert fact is not None and fact.data is None


def test_a_tokenizer_that_cannot_be_loaded_is_not_asked_again_and_again(qtbot: QtBot) -> None:
    host = Host(b"a")
    host.facts.choose("o300k", SpecialTokens.PLAIN)
    for _ in range(3):
        assert host.facts.get(1) is None
        qtbot.wait(20)
    assert host.worker.jobs == [DescribeTokens("o300k", SpecialTokens.PLAIN, (1,))]


def test_many_changes_are_announced_together(qtbot: QtBot) -> None:
    host = Host(b"abc")
    announced: list[None] = []
    host.shown.changed.connect(lambda: announced.append(None))
    for _ in range(50):
        host.owner.tokens_changed.emit(0, 3)
    qtbot.waitUntil(lambda: bool(announced))
    qtbot.wait(100)
    assert len(announced) == 1


def test_bytes_become_token_indices(qtbot: QtBot) -> None:
    host = Host(b"AI models are fascinating")
    assert host.shown.indices_in(0, 25) == (0, 4)
    assert host.shown.indices_in(3, 4) == (1, 2)
    assert host.shown.indices_in(9, 9) == (2, 3)
    assert host.shown.indices_in(25, 25) is None
    assert host.shown.indices_in(0, 99) is None
    host.owner.forget()
    assert host.shown.indices_in(0, 5) is None
    assert host.shown.settled is None
    assert host.shown.exported() is None
    assert host.shown.details(0, 0, 2) is None


def test_details_are_complete_once_the_vocabulary_has_answered(qtbot: QtBot) -> None:
    host = Host(b"AI models")
    details = host.shown.details(1, 2, 9)
    assert details is not None and details.fact is None
    with qtbot.waitSignal(host.shown.facts_arrived):
        pass
    details = host.shown.details(-1, 2, 9)
    assert details is not None and details.fact is not None
    assert details.index == 1
