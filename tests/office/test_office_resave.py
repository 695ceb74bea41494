"""A ledger that LibreOffice opens and saves again, with nothing typed, changes nothing; all there is to say is that.

Nothing else is allowed in any of the three formats, not even a note.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from commands import ledgergen
from office_cases import Office, collected, converted, copied, issued_example, ledgers, opened_office

KINDS = ("xlsx", "ods", "xls")
# of each kind of unit some, the longest and the shortest ledger, those with tasks of a lead, and with open groups
SAMPLE = (
    *("区发改局", "区司法局", "区住房城乡建设局", "区财政局", "区政府办公室", "区档案馆", "区网信办", "昆仑镇"),
    *("般阳路街道", "区经济开发区", "区科技局", "区卫健局"),
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def saved_again(example: Path, office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Open each ledger of the sample once and save it in the three formats."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in KINDS}
    saved: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for unit in SAMPLE:
        targets = {kind: folder / f"{unit}.{kind}" for kind, folder in folders.items()}
        office.edit(ledgers(example)[unit], [], **targets)
        for kind, path in targets.items():
            saved[kind].append(path)
    return saved


def assert_nothing_came(example: Path, place: Path, paths: Sequence[Path]) -> None:
    """Collect files that nobody typed into; nothing may stand otherwise than before."""
    campaign = copied(example, place)
    before = ledgergen("show", "--entries", "--json", at=campaign).json
    for said in collected(campaign, *paths):
        assert said["verdict"] == "accepted"
        assert [found["code"] for found in said["findings"]] == ["nothing-filled"], said
        (returned,) = said["returns"]
        assert returned["unit"] == said["name"].partition(".")[0].partition("_")[0]
        rows = sum(row["unit"] == returned["unit"] for row in before)
        assert returned["rows"] == {"matched": rows, "new": 0, "missing": 0, "doubtful": 0}
        assert returned["changed"] == 0
    assert ledgergen("show", "--entries", "--json", at=campaign).json == before


@pytest.mark.parametrize("kind", KINDS)
def test_saving_again_changes_nothing(
    example: Path, saved_again: dict[str, list[Path]], tmp_path: Path, kind: str
) -> None:
    assert_nothing_came(example, tmp_path / "c", saved_again[kind])


def test_nor_does_saving_from_one_format_into_the_next(example: Path, office: Office, tmp_path: Path) -> None:
    paths = []
    for unit in SAMPLE[:2]:
        path = ledgers(example)[unit]
        for turn, kind in enumerate(("ods", "xls", "xlsx")):
            target = tmp_path / str(turn) / f"{unit}.{kind}"
            target.parent.mkdir(exist_ok=True)
            office.edit(path, [], **{kind: target})
            path = target
        paths.append(path)
    assert_nothing_came(example, tmp_path / "c", paths)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_saving_any_ledger_again_changes_nothing(example: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "again").mkdir()
    converted(list(ledgers(example).values()), kind, tmp_path / "again")
    assert_nothing_came(example, tmp_path / "c", sorted((tmp_path / "again").iterdir()))
