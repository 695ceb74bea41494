"""The corpus: which clients do what to which ledger, one after the other; made by seed, so always the same."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, product
from pathlib import Path
from typing import Final, NamedTuple

from clerk import Ledger, put
from client_book import HEAD, OTHER, OWNER, Key, Seen, Tale, canary, look
from client_edits import EDITS
from client_hand import Hand
from client_programs import CLIENTS, Client, Order, ProgramFault, Programs, running_programs
from commands import ledgergen
from ledgergen.campaign.chronicle import read_journal
from ledgergen.journal.journal import Journal
from ledgergen.state.history import History
from ledgergen.workbook.pool import BoundedReader

EXAMPLE: Final = "zichuan-2022"
ROUNDS: Final = ("2022Q2", "2022Q3")  # the first face, and the one with measures prefilled
FILLED_BY: Final = "LibreOffice"  # whose filled ledger a client begins with that cannot fill one
SEED: Final = 20220608

# What is no edit in a client: pandas has values only, and the free SheetJS writes no panes and no colours.
NOT_DONE: Final[Mapping[str, frozenset[str]]] = {
    "pandas": frozenset(
        {
            *(
                "merge cells of one task",
                "merge cells of one's own",
                "show the hidden column",
                "hide rows",
                "freeze panes",
                "colour rows",
            ),
            *("copy the sheet to a new workbook", "paste values only", "insert a row, task merged"),
        }
    ),
    "SheetJS": frozenset({"freeze panes", "colour rows"}),
}
# Edits after which the same texts stand in the same cells.
SAME_TEXTS: Final = frozenset(
    {
        *("save again", "copy the sheet to a new workbook", "paste values only", "show the hidden column"),
        *("hide rows", "freeze panes", "colour rows", "add a sheet", "rename the sheet"),
    }
)
_ONCE: Final = ("paste the table into another's ledger", "fill every cell")  # not in the midst of a chain

_MEASURES: Final = (
    *("印发任务分解表，明确到人", "召开业务培训会", "每月抽查网站栏目并通报", "修订信息公开指南", "编制公开目录清单"),
    *("开展自查整改", "邀请专家解读政策", "在服务大厅设立查阅点", "建立台账按周调度", "组织现场观摩交流"),
    *("委托第三方评估", "制作图文解读材料", "完善依申请公开流程", "清理失效文件", "开通热线答疑"),
)


class Step(NamedTuple):
    """One client's turn: what it does, and as what it saves."""

    client: str
    edit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What becomes of one ledger: its round, and the steps; ``number`` seeds the chance of its edits."""

    number: int
    round: str
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """Say it in one line."""
        return f"{self.number:03} {self.round} " + " → ".join(f"{s.client}: {s.edit} ({s.kind})" for s in self.steps)


class Turn(NamedTuple):
    """One step as it is taken: in which round, with which chance, and what its file is called."""

    step: Step
    round: str
    chance: random.Random
    name: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """A file that came of a chain, and what must come of it."""

    chain: Chain
    path: Path
    tale: Tale


@dataclass
class Ground:
    """The campaign whose ledgers are filled, by round: the issued one, another unit's, what the journal told."""

    issued: Mapping[str, Path]
    others: Mapping[str, Path]
    histories: Mapping[str, History]
    bases: dict[tuple[str, str], tuple[Path, Tale]] = field(default_factory=dict)


# --- Which chains there are.


def chains() -> tuple[Chain, ...]:
    """Give the whole corpus: every client with every edit in both rounds, then chains of two and of three."""
    steps: list[tuple[str, tuple[Step, ...]]] = [(each, (step,)) for each, step in _singles()]
    chance = random.Random(SEED)  # noqa: S311 - repeatable
    steps += [(ROUNDS[number % 2], _chained(chance, 2)) for number in range(110)]
    steps += [(ROUNDS[number % 2], _chained(chance, 3)) for number in range(80)]
    return tuple(Chain(number, *each) for number, each in enumerate(steps))


def part() -> tuple[Chain, ...]:
    """Give the part that the suite runs: every edit once, clients and rounds in turn, and some chains."""
    whole = chains()
    singles = [chain for chain in whole if len(chain.steps) == 1]
    turn = cycle(client.name for client in CLIENTS if client.edits)
    chosen: list[Chain] = []
    for number, edit in enumerate(EDITS):
        doing = {chain.steps[0].client: chain for chain in singles if _is_one(chain, edit, ROUNDS[number % 2])}
        chosen.append(doing[next(name for name in turn if name in doing)])
    chosen += [chain for chain in singles if _is_one(chain, "save again", ROUNDS[1]) and chain not in chosen]
    longer = [chain for chain in whole if len(chain.steps) > 1]
    return (*chosen, *longer[:: len(longer) // 10])


def _is_one(chain: Chain, edit: str, round_id: str) -> bool:
    return chain.steps[0].edit == edit and chain.round == round_id


def _singles() -> Iterator[tuple[str, Step]]:
    kinds = {client.name: cycle(client.saves) for client in CLIENTS}
    for client, edit, each in product(CLIENTS, EDITS, ROUNDS):
        if client.edits and edit not in NOT_DONE.get(client.name, ()):
            yield each, Step(client.name, edit, next(kinds[client.name]))
    for client in CLIENTS:
        if not client.edits:
            yield from ((each, Step(client.name, "save again", kind)) for each in ROUNDS for kind in client.saves)


def _chained(chance: random.Random, length: int) -> tuple[Step, ...]:
    """Choose clients that can open what the one before saved; a text file only at the end."""
    steps: list[Step] = []
    kind = "xlsx"
    for place in range(length):
        client = chance.choice([each for each in CLIENTS if kind in each.opens])
        last = place == length - 1
        kind = chance.choice([each for each in client.saves if last or any(each in other.opens for other in CLIENTS)])
        steps.append(Step(client.name, _any_edit(chance, client), kind))
    return tuple(steps)


def _any_edit(chance: random.Random, client: Client) -> str:
    if not client.edits:
        return "save again"
    return chance.choice([name for name in EDITS if name not in (*NOT_DONE.get(client.name, ()), *_ONCE)])


# --- The ledgers that are filled.


def issue(folder: Path) -> Ground:
    """Begin a campaign, issue two rounds, and have two units answer the first, with measures of their own."""
    assert ledgergen("new", "c", "--example", EXAMPLE, at=folder).code == 0
    campaign = folder / "c"
    assert ledgergen("generate", "--round", ROUNDS[0], at=campaign).code == 0
    histories = {ROUNDS[0]: _history(campaign)}
    for unit in (OWNER, OTHER):
        _answer(_issued(campaign, unit, ROUNDS[0]), campaign / "inbox" / f"{unit}.xlsx")
    assert ledgergen("collect", at=campaign).code == 0
    assert ledgergen("generate", "--round", ROUNDS[1], at=campaign).code == 0
    histories[ROUNDS[1]] = _history(campaign)
    issued = {each: _issued(campaign, OWNER, each) for each in ROUNDS}
    others = {each: _filled_other(_issued(campaign, OTHER, each), folder / f"other-{each}.xlsx") for each in ROUNDS}
    return Ground(issued, others, histories)


def _history(campaign: Path) -> History:
    _, history, _ = read_journal(campaign, Journal(campaign))
    return history


def _filled_other(path: Path, target: Path) -> Path:
    """Fill the other unit's ledger, so that whatever of it is taken for the owner's gives itself away."""
    ledger = Ledger(path)
    for item in HEAD:
        put(ledger.head_cell(item), canary(Key(OTHER, "head", "-"), item))
    for task in ledger.rows():
        put(ledger.cell(task, "progress"), canary(Key(OTHER, task, "1"), "progress"))
    return ledger.save(target)


def _issued(campaign: Path, unit: str, round_id: str) -> Path:
    return next((campaign / "ledgers" / round_id).glob(f"{unit}_*.xlsx"))


def _answer(path: Path, target: Path) -> None:
    """Fill in measures, one a row, and for every fifth task a second one in a row of its own."""
    ledger = Ledger(path)
    texts = cycle(_MEASURES)
    for number, (task, row) in enumerate(sorted(ledger.rows().items(), key=lambda item: -item[1])):
        column = ledger.columns["measure"]
        put(ledger.cell(task, "measure"), f"{next(texts)}（{task}）")
        if number % 5 == 2:
            ledger.sheet.insert_rows(row + 1)
            for each in range(1, ledger.sheet.max_column + 1):
                ledger.sheet.cell(row + 1, each).value = ledger.sheet.cell(row, each).value
            ledger.sheet.cell(row + 1, column).value = f"{next(texts)}，{next(texts)}"
    ledger.save(target)


# --- Making them.


@contextmanager
def running_workshop(folder: Path, ground: Ground) -> Iterator["Workshop"]:
    """Give a workshop, with programs and reader that are ended afterwards."""
    with running_programs(folder) as programs, BoundedReader() as reader:
        yield Workshop(folder, ground, programs, reader)


@dataclass
class Workshop:
    """Where the corpus is made: the folder, the programs, a reader to see with."""

    folder: Path
    ground: Ground
    programs: Programs
    reader: BoundedReader
    failed: list[str] = field(default_factory=list)

    def make(self, chain: Chain) -> Specimen | None:
        """Take the steps one after the other; None where the ledger does not admit an edit, or a program refuses."""
        path, tale = self.base(chain)
        tale = tale.copy()
        for number, step in enumerate(chain.steps):
            chance = random.Random(SEED * 1000 + chain.number * 10 + number)  # noqa: S311 - repeatable
            done = self._step(path, tale, Turn(step, chain.round, chance, f"{chain.number:03}-{number}"))
            if done is None:
                return None
            path = done
        return Specimen(chain, path, tale)

    def base(self, chain: Chain) -> tuple[Path, Tale]:
        """Give the ledger that a chain begins with: filled by its first client, or to be filled."""
        first = chain.steps[0]
        if first.edit == "fill every cell":
            return self.ground.issued[chain.round], Tale(OWNER)
        client = first.client if next(each for each in CLIENTS if each.name == first.client).edits else FILLED_BY
        if (client, chain.round) not in self.ground.bases:
            tale = Tale(OWNER)
            step = Step(client, "fill every cell", "xlsx")
            issued = self.ground.issued[chain.round]
            chance = random.Random(SEED)  # noqa: S311 - repeatable
            turn = Turn(step, chain.round, chance, f"base-{client}-{chain.round}")
            made = self._step(issued, tale, turn)
            assert made is not None
            self.ground.bases[client, chain.round] = made, tale
        return self.ground.bases[client, chain.round]

    def _step(self, path: Path, tale: Tale, turn: "Turn") -> Path | None:
        """Take one step; the tale goes on with it. None where it cannot be taken."""
        seen = self.see(path, tale.owner)
        if seen is None:
            return None
        step = turn.step
        hand = Hand(seen, tale, turn.chance, self.ground.others[turn.round])
        actions = EDITS[step.edit](hand)
        if actions is None:
            return None
        target = self.folder / f"{turn.name}.{step.kind.partition('-')[0]}"
        try:
            self.programs.do(step.client, Order(path, seen.sheet, actions, target, step.kind))
        except ProgramFault as fault:
            self.failed.append(f"{turn.name} {step}: {fault}")
            return None
        after = self.see(target, tale.owner)
        if step.edit not in SAME_TEXTS and after and after.grid.rows == seen.grid.rows:
            self.failed.append(f"{turn.name} {step}: nothing was done")
            return None
        if step.kind.startswith("csv"):  # a text has one sheet
            tale.outside = {text for text in tale.outside if not text.endswith("|sheet】")}
        return target

    def see(self, path: Path, owner: str) -> Seen | None:
        """Look at a file."""
        workbook, _ = self.reader.read(path.name, path.read_bytes())
        return look(workbook.grids, owner) if workbook else None
