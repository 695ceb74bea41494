"""The catalogue of fault codes: how grave, how basic, what is wrong, what to do.

A code is stable for ever: journals, other programs and the docs name it. ``rank`` orders findings of one severity, the
most basic class of fault first: a file that cannot be read before a row that cannot be matched before a value.
A message says what is wrong (its place is said by the finding's ``where``); a remedy says what to do.
``{names}`` are the finding's facts. Both are translated: ``N_`` marks them for the extraction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """How grave a fault is: an error makes the command exit with 1, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Give the place in a list: errors first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    severity: Severity
    rank: int
    message: str
    remedy: str


def N_(text: str) -> str:  # noqa: N802 - gettext's own custom
    """Mark a text for extraction; it is translated when it is shown."""
    return text


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# Ranks: 0 surroundings · 1 file · 2 shape · 3 identity · 4 rows · 5 values · 6 hints.

_SURROUNDINGS = {
    "installation-incomplete": Fault(
        _E, 0, N_("The installation lacks its folder “{name}”."), N_("Install ledgergen again.")
    ),
    "input-faults": Fault(
        _E, 0, N_("The campaign's files have {count} faults."), N_("Correct them and run the command again.")
    ),
    "not-a-campaign": Fault(
        _E,
        0,
        N_("There is no ledgergen.yaml here."),
        N_("Go to the campaign's folder, name it with -C, or make one with `ledgergen new`."),
    ),
    "folder-not-empty": Fault(
        _E, 0, N_("The folder exists and is not empty."), N_("Choose a new name, or empty the folder first.")
    ),
    "example-unknown": Fault(_E, 0, N_("There is no example “{name}”."), N_("The examples are: {names}.")),
    "campaign-locked": Fault(
        _E,
        0,
        N_("Another ledgergen is writing to this campaign."),
        N_("Wait until it has ended and run the command again; nothing has been changed."),
    ),
    "cannot-write": Fault(
        _E,
        0,
        N_("This cannot be written: {reason}."),
        N_("See that the disk has room and the folder may be written to, then run the command again; nothing is lost."),
    ),
    "cannot-read": Fault(
        _E, 0, N_("This cannot be read: {reason}."), N_("See that the file is there and may be read, then try again.")
    ),
    "round-unknown": Fault(_E, 0, N_("There is no round “{name}” in ledgergen.yaml."), N_("The rounds are: {names}.")),
    "round-missing": Fault(
        _E, 0, N_("ledgergen.yaml names no round."), N_("Add one under `rounds:` with id, name, opens and due.")
    ),
    "unit-unknown-asked": Fault(
        _E,
        0,
        N_("There is no unit “{name}” in units.yaml."),
        N_("Give its name or an alias as units.yaml has it. Alike: {near}."),
    ),
    "round-not-issued": Fault(
        _E,
        0,
        N_("No ledger has been issued for round “{name}”."),
        N_("Rounds with ledgers: {names}. Run `ledgergen generate --round {name}` for this one."),
    ),
    "received-in-future": Fault(
        _W,
        0,
        N_("By this machine's clock {day} is still to come."),
        N_("If the day is wrong, run `ledgergen undo` and collect again; else set the clock right."),
    ),
    "event-undone": Fault(
        _E,
        0,
        N_("Event {number} is undone already."),
        N_("`ledgergen log` lists the events; undo the undoing to bring it back."),
    ),
    "nothing-to-collect": Fault(
        _N,
        0,
        N_("There is no file to collect."),
        N_("Drop the returned ledgers into inbox/, or name files or folders."),
    ),
    "campaign-id-changed": Fault(
        _E,
        2,
        N_("The id is “{id}”, but ledgers were issued under “{issued}”."),
        N_("Write the old id back: ledgers that are out are known by it. A new plan gets a campaign of its own."),
    ),
    "event-unknown": Fault(_E, 0, N_("The journal has no event {number}."), N_("`ledgergen log` lists the events.")),
    "nothing-issued": Fault(_E, 0, N_("No ledger has been issued yet."), N_("Run `ledgergen generate` first.")),
    "nothing-to-undo": Fault(
        _E, 0, N_("There is no event left that could be undone."), N_("`ledgergen log` lists the events.")
    ),
    "interrupted": Fault(
        _W,
        0,
        N_("Stopped on request; what was finished is kept."),
        N_("Run the same command again: it goes on where it stopped."),
    ),
}

_JOURNAL = {
    "journal-event-damaged": Fault(
        _E,
        0,
        N_("An event of the journal was altered or is only half there."),
        N_("Bring the file back from a backup, or wait until the folder has finished syncing."),
    ),
    "journal-event-missing": Fault(
        _E,
        0,
        N_("Event {parent} is missing, though event {number} builds on it."),
        N_("Bring the file back from a backup, or wait until the folder has finished syncing."),
    ),
    "journal-fork": Fault(
        _W,
        0,
        N_("Two machines wrote to this campaign at the same time after event {number}."),
        N_("Both are kept. Look at `ledgergen log` and withdraw what was done twice with `ledgergen undo`."),
    ),
    "journal-clock": Fault(
        _W,
        0,
        N_("The clock went back: event {number} is dated {at}, before the one it follows."),
        N_("Set this machine's clock right. The order of events is kept by their numbers."),
    ),
    "original-missing": Fault(_E, 0, N_("The original {sha256} is missing."), N_("Bring the file back from a backup.")),
    "original-damaged": Fault(
        _E, 0, N_("The original {sha256} was altered."), N_("Bring the file back from a backup.")
    ),
    "write-not-kept": Fault(
        _E,
        0,
        N_("The disk did not keep what was written to it."),
        N_("See that the disk has room and is sound, then run the command again; nothing is lost."),
    ),
}

_PLAN: dict[str, Fault] = {
    # The file as YAML.
    "yaml-too-big": Fault(
        _E,
        1,
        N_("The file is larger than {megabytes} MB."),
        N_("A plan of 1,000 tasks needs less than 1 MB: see whether this is the right file."),
    ),
    "yaml-gb18030": Fault(
        _E,
        1,
        N_("The file is saved as ANSI (GBK or GB18030), not as UTF-8."),
        N_("Open it in an editor and save it again with the encoding UTF-8."),
    ),
    "yaml-not-utf8": Fault(
        _E,
        1,
        N_("The file is not a text in UTF-8."),
        N_("See whether this is the right file; if so, save it again with the encoding UTF-8."),
    ),
    "yaml-character": Fault(
        _E, 1, N_("A character that no workbook can hold stands here: {character}."), N_("Delete it.")
    ),
    "yaml-empty": Fault(
        _E,
        1,
        N_("The file is empty."),
        N_("Fill it in, or bring it back from a backup; `ledgergen new` makes a model."),
    ),
    "yaml-wide-colon": Fault(
        _E,
        1,
        N_("The key ends in a full-width colon (：)."),
        N_("Write a half-width colon and a space after the key: `name: …`."),
    ),
    "yaml-tab": Fault(_E, 1, N_("A tab stands where the line is indented."), N_("Indent with spaces; delete the tab.")),
    "yaml-wide-space": Fault(
        _E, 1, N_("A full-width space stands where the line is indented."), N_("Indent with half-width spaces.")
    ),
    "yaml-syntax": Fault(
        _E,
        1,
        N_("The file cannot be understood from here on: {problem}."),
        N_(
            "Look at this line and the one above: is every bracket and quote closed, is there a space after each colon,"
            " do the lines that belong together begin in the same column? A text with `: ` or ` #` in it needs quotes."
        ),
    ),
    "yaml-anchor": Fault(
        _E, 1, N_("An anchor (&{name}) is not allowed."), N_("Write the text out wherever it is needed, without &.")
    ),
    "yaml-alias": Fault(
        _E, 1, N_("An alias (*{name}) is not allowed."), N_("Write out what it stands for; a text with * needs quotes.")
    ),
    "yaml-merge-key": Fault(_E, 1, N_("A merge key (<<) is not allowed."), N_("Write the keys out one by one.")),
    "yaml-tag": Fault(
        _E, 1, N_("The tag “{tag}” is not allowed."), N_("Delete it; a text that begins with ! needs quotes.")
    ),
    "yaml-too-deep": Fault(
        _E,
        1,
        N_("Lists and mappings stand in one another more than {depth} deep."),
        N_("See whether a bracket is wrong."),
    ),
    "yaml-too-many": Fault(
        _E, 1, N_("The file holds more than {count} values."), N_("See whether this is the right file.")
    ),
    "yaml-text-too-long": Fault(
        _E,
        1,
        N_("A text of {count} characters stands here; a cell of a workbook holds {limit}."),
        N_("Shorten it; see whether a closing quote is missing."),
    ),
    "yaml-several-documents": Fault(
        _E,
        1,
        N_("A second document begins in the file (---)."),
        N_("Keep one document to a file; delete the line ---."),
    ),
    # Its shape.
    "file-not-mapping": Fault(
        _E,
        2,
        N_("The file does not consist of keys and values."),
        N_("Write lines such as `name: …`; see the example."),
    ),
    "key-not-text": Fault(
        _E, 2, N_("A list or mapping stands where a key should."), N_("Write a name and a colon: `name: …`.")
    ),
    "key-twice": Fault(_E, 2, N_("The key “{key}” is there twice, first in line {line}."), N_("Keep one of the two.")),
    "key-near-miss": Fault(
        _E, 2, N_("The key “{key}” is not known; “{suggestion}” looks like it."), N_("Correct the key.")
    ),
    "key-unknown": Fault(
        _E, 2, N_("The key “{key}” is not known here."), N_("Delete it. The keys that may stand here are: {keys}.")
    ),
    "key-missing": Fault(_E, 2, N_("The key “{key}” is missing here."), N_("Add it: `{key}: …`.")),
    "value-empty": Fault(_E, 2, N_("“{key}” is empty here."), N_("Fill it in.")),
    "value-not-text": Fault(
        _E, 2, N_("“{key}” must be a text, but a list or mapping stands here."), N_("Write one text: `{key}: …`.")
    ),
    "value-not-list": Fault(
        _E, 2, N_("“{key}” must be a list."), N_("Write it in square brackets, even a single item: `{key}: [ … ]`.")
    ),
    "value-not-mapping": Fault(
        _E, 2, N_("“{key}” must consist of keys and values."), N_("Write each of them as `name: …`.")
    ),
    "value-not-date": Fault(
        _E, 5, N_("“{key}” is no date: “{value}”."), N_("Write year, month and day like this: 2022-06-08.")
    ),
    "value-not-year": Fault(_E, 5, N_("“{key}” is no year: “{value}”."), N_("Write four digits: 2022.")),
    "value-unknown": Fault(_E, 5, N_("“{key}” cannot be “{value}”."), N_("What may stand here: {choices}.")),
    # Identity.
    "task-id-bad": Fault(
        _E,
        3,
        N_("The task id “{value}” is not usable."),
        N_("Use 1 to 12 Latin letters, digits and dots, such as 5 or 3.12."),
    ),
    "task-id-twice": Fault(
        _E,
        3,
        N_("The task id “{id}” is there twice, first in line {line}."),
        N_("Give one of the two tasks another id."),
    ),
    "task-id-alike": Fault(
        _E,
        3,
        N_("The task id “{id}” cannot be told from “{other}” in line {line} when a row code is typed by hand."),
        N_("Give one of the two another id: O counts as 0, I and L count as 1, capitals as small letters."),
    ),
    "round-id-bad": Fault(
        _E,
        3,
        N_("The round id “{value}” is not usable."),
        N_("Use 1 to 16 Latin letters, digits, dots and hyphens, such as 2022Q3."),
    ),
    "round-id-twice": Fault(
        _E, 3, N_("The round id “{id}” is there twice, first in line {line}."), N_("Give one of the two another id.")
    ),
    "layout-name-bad": Fault(
        _E,
        3,
        N_("The layout “{value}” is not a name."),
        N_("Write the name of a file in templates/layouts without folder and `.yaml`, such as zichuan."),
    ),
    "unit-name-twice": Fault(
        _E,
        3,
        N_("Two units go by the name “{name}”; the other is in line {line}."),
        N_("Take the name (or alias, or former name) from one of them, or make one unit of the two."),
    ),
    "group-name-twice": Fault(
        _E, 3, N_("Two groups are called “{name}”; the first is in line {line}."), N_("Make one group of them.")
    ),
    "group-name-taken": Fault(
        _E,
        3,
        N_("The group “{name}” bears the name of a unit, in line {line}."),
        N_("Rename the group, or delete it if the unit is meant."),
    ),
    # Plan, units and groups as a whole.
    "plan-empty": Fault(_E, 4, N_("The plan has no tasks."), N_("Add the tasks under `tasks:`.")),
    "round-due-before-opens": Fault(
        _E, 5, N_("The round is due on {due}, before it opens on {opens}."), N_("Correct one of the two dates.")
    ),
    "group-without-members": Fault(
        _E,
        4,
        N_("The group “{name}” does not say who belongs to it."),
        N_("Add `kinds:` or `members:`, or `pending: lead` if the lead unit is to name them."),
    ),
    "group-pending-with-members": Fault(
        _E,
        4,
        N_("The group “{name}” is to be named by the lead unit and yet has members or kinds."),
        N_("Delete `pending:` if they are all of it, or else the members and kinds."),
    ),
    "group-empty": Fault(
        _E, 4, N_("Nobody is left in the group “{name}”."), N_("Correct its kinds, members or exceptions.")
    ),
    "group-in-group": Fault(
        _E,
        4,
        N_("“{name}”, named in the group “{group}”, is itself a group."),
        N_("Name its units one by one, or give their kinds under `kinds:`."),
    ),
    "group-member-near-miss": Fault(
        _E,
        4,
        N_("No unit goes by the name “{name}”, which the group “{group}” names. Near: {suggestions}."),
        N_("Correct the name, or add it to the unit that is meant under `aliases:`."),
    ),
    "group-member-unknown": Fault(
        _E,
        4,
        N_("No unit goes by the name “{name}”, which the group “{group}” names."),
        N_("Add the unit to units.yaml, or take the name out of the group."),
    ),
    "group-kind-near-miss": Fault(
        _E,
        4,
        N_("No unit is of the kind “{kind}”, which the group “{group}” names. Near: {suggestions}."),
        N_("Correct the kind here, or at the units."),
    ),
    "group-kind-unknown": Fault(
        _E,
        4,
        N_("No unit is of the kind “{kind}”, which the group “{group}” names."),
        N_("Add `kind: {kind}` to its units, or take the kind out of the group."),
    ),
    # The plan beside the units.
    "unit-near-miss": Fault(
        _E,
        4,
        N_("Task {id} names “{name}”, whom units.yaml does not know. Near: {suggestions}."),
        N_("Correct the name, or add it to the unit that is meant under `aliases:`; two names in one must be parted."),
    ),
    "unit-unknown": Fault(
        _E,
        4,
        N_("Task {id} names “{name}”, whom units.yaml does not know."),
        N_("Add it to units.yaml as a unit, an alias or a group."),
    ),
    "task-without-units": Fault(
        _E,
        4,
        N_("Nobody has task {id} “{name}”."),
        N_("Name a unit or a group under `lead:`, `responsible:` or `supporting:`."),
    ),
    "pending-without-lead": Fault(
        _W,
        4,
        N_("Nobody can say who “{group}” is in task {id} “{name}”: it names neither a lead nor a responsible unit."),
        N_("Name the lead under `lead:`, or name the units themselves instead of the group."),
    ),
    "unit-without-tasks": Fault(
        _N, 6, N_("“{name}” has no task and gets no ledger."), N_("Nothing to do if that is right.")
    ),
}

_LAYOUT: dict[str, Fault] = {
    "layout-unknown": Fault(_E, 0, N_("There is no layout “{name}”."), N_("The layouts are: {names}.")),
    "pattern-faulty": Fault(
        _E, 2, N_("The pattern “{pattern}” cannot be filled: {reason}."), N_("Correct it in the layout.")
    ),
    "layout-number": Fault(
        _E,
        2,
        N_("“{key}” must be a number from {least} to {most}, not “{value}”."),
        N_("Write such a number, without a unit."),
    ),
    "layout-truth": Fault(_E, 2, N_("“{key}” must be true or false, not “{value}”."), N_("Write true or false.")),
    "layout-id-bad": Fault(
        _E,
        2,
        N_("“{value}” cannot be an id."),
        N_("Use small Latin letters, digits and _, a letter first, at most 32 characters."),
    ),
    "layout-text-long": Fault(
        _E, 2, N_("“{key}” has {length} characters; at most {most} fit."), N_("Shorten the text.")
    ),
    "layout-column-missing": Fault(
        _E, 2, N_("The layout lacks the column “{id}”."), N_("Add it to the columns; its title and width are free.")
    ),
    "layout-column-unknown": Fault(
        _E,
        2,
        N_("Nobody fills the column “{id}”."),
        N_("Say when the unit is asked for it (`asked: first`, `every` or `exception`), or use one of {known}."),
    ),
    "layout-column-office": Fault(
        _E,
        2,
        N_("The column “{id}” is filled by ledgergen, so units cannot be asked for it."),
        N_("Take `asked` away, or choose another id for a column of the units."),
    ),
    "layout-id-twice": Fault(_E, 2, N_("The id “{text}” is there twice."), N_("Choose another one.")),
    "layout-title-twice": Fault(
        _E,
        2,
        N_("“{text}” is there twice; returned tables are read by it."),
        N_("Choose another text; a blank or another width of the characters is not enough."),
    ),
    "layout-choices-missing": Fault(
        _E,
        2,
        N_("The column “{id}” has choices without `kind: choice`, or the reverse."),
        N_("Add what is missing, or take the other away."),
    ),
    "layout-list-long": Fault(
        _E, 2, N_("The choices have {length} characters; Excel takes {most}."), N_("Shorten the choices.")
    ),
    "layout-choice-comma": Fault(
        _E, 2, N_("The choice “{text}” has a comma, at which Excel would split it."), N_("Use “，” or “、” instead.")
    ),
    "layout-choice-twice": Fault(
        _E, 2, N_("“{text}” stands for two choices, here and at “{other}”."), N_("Keep it in one of the two.")
    ),
    "layout-head-crowded": Fault(
        _E,
        2,
        N_("This row of the head block has {count} items; each needs two columns, and there are not as many."),
        N_("Move items to another row."),
    ),
    "layout-head-item": Fault(
        _E,
        2,
        N_("The head item “{label}” needs either a pattern or `input: true`, not both."),
        N_("Add one of them or take the other away."),
    ),
    "layout-fills": Fault(
        _E,
        2,
        N_("`fills: {id}` works only for an input that names a column which the units fill."),
        N_("Name such a column and set `input: true`, or take `fills` away."),
    ),
    "layout-sheet-name": Fault(
        _E,
        2,
        N_("“{name}” cannot be the name of a sheet."),
        N_("Use at most {most} characters, none of [ ] : * ? / \\ and no ' at the ends."),
    ),
    "layout-instructions-many": Fault(
        _E, 2, N_("There are {count} lines of instructions; at most {most} are possible."), N_("Shorten them.")
    ),
    "layout-print-small": Fault(
        _W,
        6,
        N_("On paper the texts of the table will be {points} points high; below {least} they are hard to read."),
        N_("Make columns narrower, leave some out, or use A3."),
    ),
}

_SEND_AGAIN = N_("Ask the unit to save it again as .xlsx and send it once more.")
_BUG = N_("Ask the unit to save it again as .xlsx and send it once more; if that fails too, please report it.")

_READING: dict[str, Fault] = {
    "file-empty": Fault(_E, 1, N_("The file is empty."), N_("Ask the unit to send it once more.")),
    "file-not-a-workbook": Fault(
        _E,
        1,
        N_("This is no workbook that can be read; by its bytes it is: {kind}."),
        N_("Ask the unit for the ledger itself, saved as .xlsx."),
    ),
    "file-unrecognised": Fault(
        _E,
        1,
        N_("This is no workbook, and what it is cannot be told."),
        N_("Ask the unit for the ledger itself, saved as .xlsx."),
    ),
    "file-damaged": Fault(_E, 1, N_("The file is damaged, in its part “{part}”."), _SEND_AGAIN),
    "file-encrypted": Fault(
        _E,
        1,
        N_("The file opens with a password only."),
        N_("Ask the unit to save it without a password and send it once more."),
    ),
    "file-too-large": Fault(
        _E, 1, N_("The file has {size} bytes; at most {limit} are read."), N_("Ask the unit for the ledger alone.")
    ),
    "file-unpacks-too-large": Fault(
        _E,
        1,
        N_("The file's part “{part}” unpacks to more than {limit} MB."),
        N_("Ask the unit to take out large pictures and empty sheets, and to send it once more."),
    ),
    "file-unpacks-oddly": Fault(
        _E,
        1,
        N_("The file's part “{part}” unpacks to more than {limit} times its size, which no office program writes."),
        _SEND_AGAIN,
    ),
    "file-too-many-parts": Fault(
        _E,
        1,
        N_("The file has more than {limit} sheets or parts."),
        N_("Ask the unit for the ledger alone, in a file of its own."),
    ),
    "file-too-complex": Fault(
        _E,
        1,
        N_("The file's part “{part}” has more than {limit} elements."),
        N_("Ask the unit to copy the ledger into a new file and to send that."),
    ),
    "file-inconsistent": Fault(
        _E, 1, N_("The file's part “{part}” is not what the file itself says of it."), _SEND_AGAIN
    ),
    "file-part-twice": Fault(_E, 1, N_("The file has the part “{part}” twice."), _SEND_AGAIN),
    "file-doctype": Fault(
        _E,
        1,
        N_("The file's part “{part}” declares a document type, which no office program writes."),
        N_("Do not open it. Ask the unit whether it really sent this file."),
    ),
    "workbook-without-sheets": Fault(_E, 1, N_("The workbook has no sheet with cells."), _SEND_AGAIN),
    "sheet-too-large": Fault(
        _E,
        1,
        N_("The sheet has content as far away as {corner}; more than {limit} cells are not read."),
        N_("Ask the unit to delete what stands far below or far to the right of the table, and to send it once more."),
    ),
    "reader-died": Fault(_E, 1, N_("Reading this file made the reader break down."), _SEND_AGAIN),
    "reader-timeout": Fault(_E, 1, N_("This file could not be read within {seconds} seconds."), _SEND_AGAIN),
    "reader-memory": Fault(_E, 1, N_("Reading this file took more than {megabytes} MB of memory."), _SEND_AGAIN),
    "reader-failed": Fault(_E, 1, N_("Reading this file failed in an unforeseen way ({error})."), _BUG),
}

_RETURNS: dict[str, Fault] = {
    "unit-vanished": Fault(
        _W,
        3,
        N_("“{name}” was issued a ledger and is no longer in units.yaml."),
        N_("If it was renamed, write the old name under `former_names` of the unit that it is now."),
    ),
    "unrecognised": Fault(
        _E,
        3,
        N_("This is no ledger of this campaign: no sheet has its column titles."),
        N_("See what the file is. If it is a ledger, ask the unit to fill in the file that was sent to it."),
    ),
    "another-campaign": Fault(
        _E,
        3,
        N_("This ledger belongs to another campaign, or to an issue that was undone ({code})."),
        N_("Collect it in its own campaign, or ask the unit for the ledger of this one."),
    ),
    "own-report": Fault(
        _E,
        3,
        N_("This is a status workbook that ledgergen wrote, not a return."),
        N_("Take it out of the folder of returns."),
    ),
    "books-mixed": Fault(
        _E,
        3,
        N_("The sheet holds rows of {count} ledgers; it cannot be told whose return it is."),
        N_("Ask the sender for one sheet per unit."),
    ),
    "unit-ambiguous": Fault(
        _E,
        3,
        N_("The ledger shows no code, and {count} ledgers fit it: {candidates}."),
        N_("Ask the sender which unit it is, and write that unit into the head of the ledger."),
    ),
    "collect-failed": Fault(
        _E,
        1,
        N_("The file could not be collected because of a fault in ledgergen ({reason})."),
        N_("Please report it with the file .ledgergen/ledgergen.log; the other files went through."),
    ),
    "return-replayed": Fault(
        _W,
        3,
        N_("This return equals an earlier state of the same ledger; it changes nothing."),
        N_("If the unit really wants the old values back, ask it to note that in the ledger and send it again."),
    ),
    "sheets-of-one-book": Fault(
        _E,
        3,
        N_("The sheets {sheets} are all the ledger of {unit}, and they differ."),
        N_("Ask the unit which of them counts, and delete the others."),
    ),
    "codes-missing": Fault(
        _E,
        3,
        N_("The ledger of {unit} came back without its codes; its rows were known by their texts."),
        N_("Look over its rows in the status workbook, and ask the unit to leave the codes in place."),
    ),
    "marks-disagree": Fault(
        _W,
        3,
        N_("The rows are those of {unit}, but the file was issued to {other}."),
        N_("Nothing is needed if one unit copied its table into another's file; the rows decide."),
    ),
    "column-missing": Fault(
        _W,
        3,
        N_("The column “{title}” is missing or its title was changed."),
        N_("What stood in it before is kept. If the unit wrote into it, restore the title and collect the file again."),
    ),
    "column-twice": Fault(
        _W, 3, N_("Two columns are titled “{title}”; the first was read."), N_("See whether the second holds anything.")
    ),
    "row-doubtful": Fault(
        _W,
        4,
        N_("It is not clear to which task this row belongs: {text}"),
        N_("Have the unit write the task or the code into the row, and collect the file again."),
    ),
    "row-of-another-book": Fault(
        _W,
        4,
        N_("This row has the code of another ledger: {text}"),
        N_("It was not taken. Ask the unit whose row it is."),
    ),
    "row-missing": Fault(
        _W,
        4,
        N_("The row of task {task} ({name}) is missing."),
        N_("What stood in it before is kept. Ask the unit whether the row was deleted on purpose."),
    ),
    "row-copied": Fault(_N, 4, N_("This row is a mere copy of another one."), N_("Nothing is needed.")),
    "row-new": Fault(_N, 4, N_("This row is a further measure of task {task}: {text}"), N_("Nothing is needed.")),
    "row-without-content": Fault(
        _N,
        4,
        N_("This added row names task {task} and fills nothing in: {text}"),
        N_("Nothing is needed unless something was meant to stand there."),
    ),
    "row-by-text": Fault(
        _W,
        4,
        N_("The row has no usable code; by its text it is task {task}."),
        N_("Look at the row; ask the unit to leave the codes in place."),
    ),
    "code-text-disagree": Fault(
        _W,
        4,
        N_("The row's code ({code}) is another row's; by its text it is task {task}."),
        N_("Look at the row: perhaps only some of the columns were sorted."),
    ),
    "prefilled-altered": Fault(
        _W,
        5,
        N_("“{title}” was prefilled and reads differently now: {text} — issued was: {issued}"),
        N_("The issued text stands. If the unit is right, correct the plan."),
    ),
    "prefilled-blank": Fault(
        _N, 5, N_("“{title}” was prefilled and is blank now; issued was: {issued}"), N_("The issued text stands.")
    ),
    "choice-unreadable": Fault(
        _W,
        5,
        N_("“{title}” holds “{text}”, which is none of {choices}."),
        N_("The text is kept. Ask the unit to choose one of these."),
    ),
    "date-unreadable": Fault(
        _W,
        5,
        N_("“{title}” holds “{text}”, which cannot be read as a day."),
        N_("The text is kept. Ask the unit for a date such as 2022-09-30."),
    ),
    "formula-cell": Fault(
        _W,
        5,
        N_("“{title}” holds a formula: {text}"),
        N_("The formula is kept as text and never computed. Ask the unit to type what is meant."),
    ),
    "error-cell": Fault(_W, 5, N_("“{title}” holds an error value: {text}"), N_("Ask the unit to type what is meant.")),
    "text-outside": Fault(
        _W,
        5,
        N_("There is text outside the ledger's own cells: {text}"),
        N_("It was not merged. Read it; where it matters, ask the unit to write it into the ledger's columns."),
    ),
    "not-read": Fault(
        _N,
        5,
        N_("The file also holds something that is not part of the cells: {what}."),
        N_("Open the original if it matters; the cells were merged without it."),
    ),
    "nothing-filled": Fault(_N, 6, N_("Nothing was filled in."), N_("Ask the unit whether it sent the right file.")),
}

_REPORT: dict[str, Fault] = {
    "file-kept": Fault(
        _W,
        1,
        N_("Somebody has edited this file since it was made; it is kept, and the new one is {name}."),
        N_("Move what was edited to where it belongs, then delete the file you no longer need."),
    ),
}

CATALOGUE: Final[Mapping[str, Fault]] = MappingProxyType(
    {**_SURROUNDINGS, **_JOURNAL, **_PLAN, **_LAYOUT, **_READING, **_RETURNS, **_REPORT}
)
