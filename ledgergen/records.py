"""The records that several rooms share: frozen, and each carries where it came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from ledgergen.findings import NOWHERE, Where

# The round in which units are asked about their tasks before the first ledgers go out (征求意见); none of the rounds in
# which anything is reported, so it counts in no status and precedes none of them.
CONSULT_ROUND: Final = "consult"

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})  # shared: a large campaign has 60,000 rows


class Role(StrEnum):
    """A unit's role in a task, the strongest first (牵头, 责任, 配合)."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    SUPPORTING = "supporting"

    @property
    def rank(self) -> int:
        """Give the strength: 0 is the strongest."""
        return _RANKS[self]


_RANKS: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Round:
    """One sending-out of ledgers (填报期), with the day it opens and the day the returns are due.

    ``face`` is the face its ledgers wear (``first`` or ``progress``), empty for what follows from its place: the first
    round sets the ledgers up, later ones report. ``not_due``: what becomes of rows that are not due (``collapse``,
    ``leave_out``, or ``ask`` for them all the same).
    """

    id: str
    name: str
    opens: date
    due: date
    face: str = ""
    not_due: str = "collapse"


@dataclass(frozen=True, slots=True)
class LightSettings:
    """The numbers by which lights are reckoned (``lights:`` in ledgergen.yaml), all in calendar days.

    A light is yellow from ``yellow_days`` before the due date on; 久无进展 after ``stale_days`` without news; a date
    that comes within ``early_days`` of the plan's issue is 下发时临期.
    """

    yellow_days: int = 10
    stale_days: int = 90
    early_days: int = 10


@dataclass(frozen=True, slots=True)
class FormSettings:
    """What ``ledgergen.yaml`` says of the office's own form.

    ``template`` is its path in the campaign's folder, as written; ``sheet`` and ``header_row`` (from 1) where its table
    is, empty and 0 for wherever it is found; ``columns`` what columns are by their titles; ``cells`` patterns by the
    names of cells outside the table. ``where`` is the place of ``template`` in the settings.
    """

    template: str
    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What ``ledgergen.yaml`` says about mail.

    ``mailbox``: which one sends (empty: the only one), ``sender`` … ``cc`` from whom and with what, ``per_minute`` how
    many at most. ``trusted_authserv``: the servers whose Authentication-Results count; ``on_behalf``: who may return
    for which other units or groups (代报), as written; ``public_domains``: providers, beside the known ones, where
    anybody has an address.
    """

    mailbox: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    cc: tuple[str, ...] = ()
    per_minute: int = 30
    trusted_authserv: tuple[str, ...] = ()
    on_behalf: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """One mail server, as somebody logs in to it.

    ``security``: ``tls``, ``starttls``, ``plain``. ``ca`` is the certificate file of the office's own CA as written,
    empty for those that the system trusts.
    """

    host: str
    port: int
    security: str
    user: str
    ca: str = ""

    @property
    def place(self) -> str:
        """Give it as people are shown it."""
        return f"{self.user} · {self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox that returns come to; ``protocol`` is ``imap`` or ``pop3``.

    ``since``: mail that came before stays unread; ``largest``: the bytes beyond which a mail stays on the server;
    ``smtp``: what sends for it, None where it only receives. ``where``: its place in the settings.
    """

    name: str
    protocol: str
    server: Server
    folders: tuple[str, ...] = ("INBOX",)
    since: date | None = None
    largest: int = 100_000_000
    smtp: Server | None = None
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the public page shows of each task (``fields``, a whitelist), and whether ``phones`` may stand in texts.

    Where nothing is said: never who is in charge, nor what a unit explains to the office.
    """

    fields: tuple[str, ...] = (
        *("requirement", "division", "plan", "measures"),
        *("progress", "state", "light", "published_on", "evidence"),
    )
    phones: bool = False


@dataclass(frozen=True, slots=True)
class RemindSettings:
    """When units are reminded (``remind:`` in ledgergen.yaml), in calendar days.

    ``before`` and ``after`` something is due, then ``every`` so many days; never twice within ``gap`` days, not on the
    ``quiet`` days, and on weekends and holidays only with ``on_free_days``.
    """

    before: tuple[int, ...] = (7, 3, 1)
    after: tuple[int, ...] = (1, 3, 7)
    every: int = 7
    gap: int = 2
    quiet: tuple[date, ...] = ()
    on_free_days: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``ledgergen.yaml`` says.

    ``layout`` is a layout's name; with a ``form``, the one that the office's own form borrows from. ``grace`` is the
    number of calendar days added to the due dates of recurring limits; the ``extra_…`` days are worked or free other
    than the statutory calendar says, and of ``complete_years`` they are all. ``checks``: how grave the findings of a
    check are, by code (``error``, ``warning``, ``note``, ``off``).
    """

    id: str
    name: str
    layout: str
    rounds: tuple[Round, ...]
    contact_office: str = ""
    contact_phone: str = ""
    form: FormSettings | None = None
    grace: int = 0
    extra_workdays: tuple[date, ...] = ()
    extra_holidays: tuple[date, ...] = ()
    complete_years: tuple[int, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    mailboxes: tuple[Mailbox, ...] = ()
    mail: MailSettings = field(default_factory=MailSettings)
    remind: RemindSettings = RemindSettings()
    lights: LightSettings = field(default_factory=LightSettings)
    page: PageSettings = field(default_factory=PageSettings)

    def face_of(self, chosen: Round) -> str:
        """Give the face that the ledgers of a round wear: its own, else ``first`` for the first round of the list."""
        if chosen.face:
            return chosen.face
        return "progress" if chosen.id in [each.id for each in self.rounds[1:]] else "first"


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit (单位), known by any of its names; names are unique over all units.

    ``mail`` holds addresses, and domains (``@example.gov.cn``) from which its returns may come; ``channel`` is how it
    is reached: ``mail``, ``oa`` or ``chat``. ``contact`` and ``phone`` are the person who fills in its ledger.
    """

    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    where: Where = NOWHERE
    cc: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    channel: str = "mail"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Give the addresses that mail to it goes to."""
        return tuple(each for each in self.mail if not each.startswith("@"))

    @property
    def names(self) -> tuple[str, ...]:
        """Give every name, the present one first."""
        return (self.name, *self.aliases, *self.former_names)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of units (单位类别): by kinds, by members, or pending (to be named by the lead)."""

    name: str
    kinds: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    pending: bool = False
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The facts of the plan's document."""

    title: str
    year: int
    region: str = ""
    document_number: str = ""
    issuer: str = ""
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task (工作任务) as the plan words it; units are phrases of the document: names, aliases or groups.

    ``deadline`` holds the keys that the office wrote under ``deadline:``, checked, days as ISO texts; None where it
    wrote none, so that the time limit is to be read (:func:`ledgergen.plan.deadline.deadline_of`). ``publish``: whether
    it may be on the public page.
    """

    id: str
    name: str
    requirement: str
    section: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    time_limit: str = ""
    deadline: Mapping[str, object] | None = None
    measures: tuple[str, ...] = ()
    where: Where = NOWHERE
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's plan: its facts and its tasks in the order of the document."""

    facts: PlanFacts
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One task × one unit (任务分工) with the unit's strongest role.

    ``pending``: the task also names units that only the lead can name (待牵头单位明确). ``common``: the unit has
    the task through a group (共性任务), not by name.
    """

    task: Task
    unit: Unit
    role: Role
    pending: bool = False
    common: bool = False


class BookRow(NamedTuple):
    """One row of a ledger as issued: whose task, which measure, and every text it shows by column id.

    ``measure`` is the number of the measure as in the code: ``1``, ``2`` … for rows the office made, ``N`` and four
    characters for those a unit inserted. ``office`` (what the plan says, the same for every unit) is shared; ``own``
    holds what is prefilled for this unit. ``number`` is the row's own number (序号), ``role_text`` the role in words.
    ``due``: whether the round asks for the row; one that is not due is shown collapsed.
    """

    task: str
    measure: str
    code: str
    role: Role
    office: Mapping[str, str] = NOTHING
    own: Mapping[str, str] = NOTHING
    common: bool = False
    number: int = 0
    role_text: str = ""
    due: bool = True

    def text(self, column: str) -> str:
        """Give the text that the row shows in a column; empty where it shows none."""
        return self.own.get(column) or self.office.get(column) or self._derived(column)

    def texts(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Give what :meth:`text` gives, of several columns."""
        own, office = self.own, self.office
        return tuple([own.get(each) or office.get(each) or self._derived(each) for each in columns])

    def _derived(self, column: str) -> str:
        """Give what follows from the row itself."""
        if column == "code":
            return self.code
        if column == "seq":
            return str(self.number)
        if column == "task_full":
            return _named_in_full(self.office.get("task", ""), self.office.get("requirement", ""))
        return self.role_text if column == "role" else ""


def _named_in_full(name: str, requirement: str) -> str:
    """Join a task's name and requirement for a form that has one column for both; neither is said twice."""
    if not name or requirement.startswith(name):
        return requirement or name
    return f"{name}：{requirement}" if requirement else name


@dataclass(frozen=True, slots=True)
class Book:
    """One unit's ledger (台账) for one round, as content: what is written, and what a return is compared with.

    ``token`` names the book (campaign × round × unit), ``edition`` its content; ``number`` (台账编号) is both with a
    check character. ``head`` holds the prefilled texts of the head block by item id. ``left_out``: rows that are not
    due and that the ledger does not show; what was reported of them before still stands. ``before`` is the token of
    the unit's book of the round before, under whatever name the unit went then. ``answers``: the hash of the return
    that the ledger shows its unit again to be corrected (退回补正), empty for any other. ``beside``: the office's own
    texts on the file's other sheets.
    """

    campaign: str
    round: str
    unit: str
    token: str
    edition: str
    number: str
    title: str
    rows: Sequence[BookRow]
    head: Mapping[str, str] = field(default_factory=dict)
    instructions: tuple[str, ...] = ()
    plan_version: str = ""
    layout: str = ""
    face: str = "first"
    left_out: Sequence[BookRow] = ()
    before: str = ""
    answers: str = ""
    beside: tuple[str, ...] = ()
