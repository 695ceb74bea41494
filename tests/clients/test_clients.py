"""Files that real clients made of a ledger: no row lands in another's place, nothing that was typed is lost.

The suite makes a part of the corpus, ``make soak`` and ``make clients`` the whole of it (docs/clients.md).
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from client_book import INPUTS, NEW, Key, Tale, canaries, canary, look
from client_corpus import ROUNDS, Chain, Ground, Step, Workshop, chains, issue, part, running_workshop
from client_edits import EDITS
from client_programs import CLIENTS, missing_tools
from client_table import START, figures_of, page_part, stored
from client_verdicts import Judged, held, judge, totals
from ledgergen.findings import Finding
from ledgergen.returns import accept as accepting
from ledgergen.returns.decide import decide
from ledgergen.returns.decisions import Return
from ledgergen.returns.recognise import Recognised

ACCEPTED = 0.97  # of rows, without review
FILLED = Chain(0, ROUNDS[0], (Step("openpyxl", "save again", "xlsx"),))


@contextmanager
def own_cache(place: Path) -> Iterator[None]:
    """Keep the user's cache folder out of what is made once for the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERGEN_CACHE", str(place))
        yield


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with own_cache(tmp_path_factory.mktemp("cache")):
        ground: Ground = issue(tmp_path_factory.mktemp("ground"))
    with running_workshop(tmp_path_factory.mktemp("corpus"), ground) as opened:
        yield opened


def need_clients() -> None:
    """Skip the test where a client is missing, and say which; under CI that is a failure."""
    if missing := missing_tools():
        said = f"{', '.join(missing)}: not installed; tests/prepare.py should have got it"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def judged(workshop: Workshop, wanted: Sequence[Chain]) -> list[Judged]:
    made = [specimen for chain in wanted if (specimen := workshop.make(chain))]
    return [judge(each, workshop.ground.histories[each.chain.round], workshop.reader) for each in made]


def faults(found: Sequence[Judged]) -> list[str]:
    return [f"{one.chain.name}: {text}" for one in found for text in (*one.wrong, *one.lost)]


def test_in_a_part_of_the_corpus_no_row_is_wrong_and_none_is_lost(workshop: Workshop) -> None:
    need_clients()
    found = judged(workshop, part())
    sums = totals(found)
    assert faults(found) == []
    assert sums["files"] >= 60, workshop.failed
    assert {step.client for one in found for step in one.chain.steps} == {client.name for client in CLIENTS}
    assert {step.edit for one in found for step in one.chain.steps} >= set(EDITS)
    assert sums["accepted"] + sums["marked"] >= ACCEPTED * sums["rows"], sums


@pytest.mark.soak
def test_nor_in_the_whole_of_it(workshop: Workshop) -> None:
    need_clients()
    found = judged(workshop, chains())
    print(page_part(figures_of(found, len(chains()) - len(found))))  # noqa: T201 - the figures that the docs quote
    sums = totals(found)
    assert faults(found) == []
    assert sums["files"] >= 300
    assert sums["accepted"] + sums["marked"] >= ACCEPTED * sums["rows"], sums


def test_the_docs_show_the_figures_of_the_last_run_of_all_of_it() -> None:
    figures = stored()
    page = (Path(__file__).resolve().parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
    assert f"{START}{page_part(figures)}<!-- end -->" in page, "make clients"
    assert (figures["wrong"], figures["lost"]) == ([], [])
    assert figures["all"]["files"] >= 300
    assert set(figures["singles"]) == set(EDITS)


# --- The judge itself can fail.


def made(workshop: Workshop) -> tuple[Path, Tale]:
    specimen = workshop.make(FILLED)
    assert specimen is not None
    return specimen.path, specimen.tale


def verdict(workshop: Workshop, path: Path, tale: Tale) -> Judged:
    specimen = workshop.make(FILLED)
    assert specimen is not None
    return judge(replace(specimen, path=path, tale=tale), workshop.ground.histories[ROUNDS[0]], workshop.reader)


def test_a_filled_ledger_holds_a_canary_in_every_input_of_every_row(workshop: Workshop) -> None:
    path, tale = made(workshop)
    (book,) = [each.book for each in workshop.ground.histories[ROUNDS[0]].issued if each.book.unit == tale.owner]
    assert set(tale.rows) == {Key(tale.owner, row.task, row.measure) for row in book.rows}
    assert {frozenset(cells) for cells in tale.rows.values()} == {frozenset(INPUTS)}
    texts = [text for cells in tale.rows.values() for text in cells.values() if canaries(text)]
    assert len(texts) == len(set(texts)) == len(book.rows) * (len(INPUTS) - 3)  # two days and a choice
    assert held(path, texts) == set(texts)
    seen = workshop.see(path, tale.owner)
    assert seen is not None
    assert [key for _, key in seen.keyed] == list(tale.rows)
    assert look([], tale.owner) is None


def test_a_clean_file_is_accepted(workshop: Workshop) -> None:
    found = verdict(workshop, *made(workshop))
    assert (found.wrong, found.lost, found.accepted, found.rows) == ([], [], 28, 28)


@pytest.mark.parametrize("column", ["measure", "published_on", "status"])
def test_a_value_in_another_row_than_where_it_was_typed_is_wrong(workshop: Workshop, column: str) -> None:
    path, tale = made(workshop)
    tale = tale.copy()
    one, two = list(tale.rows)[:2]
    tale.rows[one][column], tale.rows[two][column] = tale.rows[two][column], tale.rows[one][column]
    found = verdict(workshop, path, tale)
    assert len(found.wrong) == 2
    assert found.lost == []


def test_a_row_that_is_taken_for_a_new_measure_is_wrong(workshop: Workshop) -> None:
    path, tale = made(workshop)
    tale = tale.copy()
    key = next(iter(tale.rows))
    tale.may[key] = {(key.task, NEW)}
    assert len(verdict(workshop, path, tale).wrong) >= len(INPUTS) - 3


def test_a_canary_that_is_nowhere_is_lost(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    path, tale = made(workshop)

    def forgetful(item: Recognised, name: str, year: int, saved: str) -> tuple[Return, list[Finding]]:
        returned, findings = decide(item, name, year, saved)
        return replace(returned, rows=returned.rows[1:]), findings

    monkeypatch.setattr(accepting, "decide", forgetful)
    found = verdict(workshop, path, tale)
    assert len(found.lost) == len(INPUTS) - 3
    assert found.review == 1


def test_what_the_client_did_not_write_is_not_called_lost(workshop: Workshop) -> None:
    path, tale = made(workshop)
    tale = tale.copy()
    tale.outside.add(canary(Key(tale.owner, "外", "1"), "own"))
    found = verdict(workshop, path, tale)
    assert (found.lost, found.left_out) == ([], 1)


def test_the_corpus_is_broad() -> None:
    whole = chains()
    lengths = [len(chain.steps) for chain in whole]
    assert min(map(lengths.count, (2, 3))) >= 50
    assert len(whole) >= 300
    assert len({(chain.round, chain.steps) for chain in whole}) == len(whole)
    assert {(step.client, step.kind) for chain in part() for step in chain.steps} >= {
        ("LibreOffice", "xls"),
        ("Gnumeric", "ods"),
        ("SheetJS", "ods"),
        ("as WPS writes", "xls"),
    }
    assert all(re.match(r"\d{3} 2022Q[23] ", chain.name) for chain in whole)
