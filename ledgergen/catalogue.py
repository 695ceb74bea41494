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
    "task-unknown-asked": Fault(
        _E, 0, N_("The ledger of {unit} has no task “{name}”."), N_("`ledgergen show {unit}` lists its tasks.")
    ),
    "field-unknown-asked": Fault(
        _E, 0, N_("The ledger has no column “{name}” that the unit fills."), N_("Its columns are: {names}.")
    ),
    "measure-needed": Fault(_E, 0, N_("Task {name} has several measures: {measures}."), N_("Name one with --measure.")),
    "choice-unknown": Fault(
        _E,
        0,
        N_("There is no value number {number} to take; there are {count}."),
        N_("`ledgergen resolve` lists them."),
    ),
    "parcel-unknown": Fault(
        _E,
        0,
        N_("No file “{name}” is there to be dealt with."),
        N_("Give the file's name or the first 6 or more characters of its hash, as `ledgergen review` lists them."),
    ),
    "parcel-ambiguous": Fault(
        _E, 0, N_("Several files are called “{name}”."), N_("Give the beginning of the hash of one of them: {hashes}.")
    ),
    "review-needs-unit": Fault(
        _E, 0, N_("It is not clear whose ledger “{name}” is."), N_("Name the unit with --unit.")
    ),
    "review-needs-member": Fault(
        _E,
        0,
        N_("Several files in “{name}” could be meant: {members}."),
        N_("Name one of them with --member."),
    ),
    "review-not-a-ledger": Fault(
        _E, 0, N_("“{name}” holds no table that could be the ledger of {unit}."), N_("Reject it, or name the sheet.")
    ),
    "round-not-issued": Fault(
        _E,
        0,
        N_("No ledger has been issued for round “{name}”."),
        N_("Rounds with ledgers: {names}. Run `ledgergen generate --round {name}` for this one."),
    ),
    "passwords-too-many": Fault(
        _E, 0, N_("There are {count} passwords; at most {limit} are tried."), N_("Leave out those that are not needed.")
    ),
    "passwords-unreadable": Fault(
        _E,
        0,
        N_("This is no list of passwords."),
        N_("Write them into a text file, one in a line, and save it as UTF-8."),
    ),
    "no-terminal": Fault(
        _E,
        0,
        N_("There is no terminal at which the password could be asked for."),
        N_("Use `--password-file FILE` or the variable LEDGERGEN_PASSWORDS."),
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

_MAILBOX: dict[str, Fault] = {
    # The settings.
    "mailbox-name-twice": Fault(
        _E, 3, N_("The mailbox “{name}” is there already, in line {line}."), N_("Give one of them another name.")
    ),
    "mail-host-bad": Fault(
        _E,
        2,
        N_("“{value}” is no name of a mail server."),
        N_("Write the name alone, e.g. imap.qq.com; the port has a line of its own."),
    ),
    "mailbox-none": Fault(
        _E,
        0,
        N_("No mailbox is set up in this campaign."),
        N_("Set one up: `ledgergen mailbox add ADDRESS`."),
    ),
    "mailbox-unknown": Fault(_E, 0, N_("There is no mailbox “{name}”."), N_("The mailboxes are: {names}.")),
    "mailbox-preset-unknown": Fault(_E, 0, N_("There is no preset “{name}”."), N_("The presets are: {names}.")),
    "mailbox-presets-faulty": Fault(
        _E, 2, N_("The presets of mail providers cannot be read: {reason}."), N_("Correct templates/mailboxes.yaml.")
    ),
    "mailbox-host-needed": Fault(
        _E,
        0,
        N_("It is not known which server keeps the mail of {address}."),
        N_("Name the server with --server, or the provider with --preset: {names}."),
    ),
    "mailbox-there": Fault(
        _E,
        0,
        N_("There is another mailbox “{name}” already: {server}."),
        N_("Give the new one another name with --name, or change the lines in ledgergen.yaml."),
    ),
    "mail-secret-terminal": Fault(
        _E,
        0,
        N_("The password of {server} is not stored, and there is nobody to ask."),
        N_("Store it at a terminal with `ledgergen mailbox add`, or set LEDGERGEN_SECRETS (see the reference)."),
    ),
    "mailbox-or-paths": Fault(
        _E, 0, N_("Both files and a mailbox are named."), N_("Collect them one after the other.")
    ),
    "mailbox-not-written": Fault(
        _E,
        0,
        N_("The mailbox cannot be put into ledgergen.yaml as it is written."),
        N_("Write it there by hand; the reference shows the lines."),
    ),
    # Logging in.
    "mail-no-secret": Fault(
        _E,
        0,
        N_("There is no password for {server}."),
        N_("Store it with `ledgergen mailbox add`, or type it at a terminal when asked."),
    ),
    "mail-host-unknown": Fault(
        _E,
        0,
        N_("The server {server} cannot be found."),
        N_("Look whether its name is spelt right in ledgergen.yaml and whether this computer is online."),
    ),
    "mail-refused": Fault(
        _E,
        0,
        N_("Nothing answers at {server}."),
        N_("Look at the port in ledgergen.yaml, and ask whether a firewall lets mail programs out."),
    ),
    "mail-timeout": Fault(
        _E,
        0,
        N_("{server} does not answer in time."),
        N_("Try again later; if it goes on, ask whether a firewall lets mail programs out."),
    ),
    "mail-line-cut": Fault(
        _E,
        0,
        N_("The line to {server} broke off ({reason})."),
        N_("Run the same command again: it goes on where it stopped."),
    ),
    "mail-certificate": Fault(
        _E,
        0,
        N_("The certificate of {server} cannot be trusted: {reason}."),
        N_(
            "Look whether the server's name is right; for an office's own CA name its certificate under ca: in"
            " ledgergen.yaml."
        ),
    ),
    "mail-ca-unreadable": Fault(
        _E, 0, N_("The certificate file {file} cannot be used: {reason}."), N_("Name the right file under ca:.")
    ),
    "mail-tls": Fault(
        _E,
        0,
        N_("{server} does not speak as expected: {reason}."),
        N_(
            "Look at port and security in ledgergen.yaml: 993, 995 and 465 go with tls, 143, 110 and 587 with starttls."
        ),
    ),
    "mail-login-refused": Fault(
        _E,
        0,
        N_("{server} does not let us in: “{reason}”."),
        N_("Check name and password. Store the right one: `ledgergen mailbox add` asks for it again."),
    ),
    "mail-login-code": Fault(
        _E,
        0,
        N_("{server} does not let us in: “{reason}”."),
        N_(
            "This provider wants its authorisation code (授权码), not the password of the web page: {advice} Then run"
            " `ledgergen mailbox add` again."
        ),
    ),
    "mail-not-enabled": Fault(
        _E,
        0,
        N_("The mailbox {server} is not open to mail programs: “{reason}”."),
        N_("Switch on IMAP/SMTP (or POP3) in its settings on the web page: {advice}"),
    ),
    "mail-unsafe-login": Fault(
        _E,
        0,
        N_("{server} takes us for an unsafe mail program: “{reason}”."),
        N_("Use an authorisation code (授权码) made on the web page, and allow mail programs there: {advice}"),
    ),
    "mail-plain": Fault(
        _W,
        1,
        N_("The password goes to {server} unencrypted."),
        N_("Use security: tls or starttls, unless this is a server in the office's own network."),
    ),
    "mail-no-uidl": Fault(
        _E,
        0,
        N_("{server} gives its mails no lasting names (UIDL)."),
        N_("Read the mailbox by IMAP, or save the attachments and collect them from a folder."),
    ),
    "mail-folder-unknown": Fault(_E, 1, N_("The mailbox has no folder “{folder}”."), N_("The folders are: {names}.")),
    # Fetching.
    "mail-too-large": Fault(
        _W,
        1,
        N_("A mail of {size} bytes was left on the server (limit: {limit})."),
        N_("Raise largest: of the mailbox in ledgergen.yaml if it is a return, or open it in a mail program."),
    ),
    "mail-not-fetched": Fault(
        _E,
        1,
        N_("A mail could not be fetched in {count} tries ({reason}) and was set aside."),
        N_("Open it in a mail program, save its attachments and collect them from a folder."),
    ),
    "mail-renumbered": Fault(
        _N,
        6,
        N_("The server has renumbered the folder “{folder}”; its mails were looked at again."),
        N_("Nothing is to be done; what was known is not counted twice."),
    ),
}

_SENDING: dict[str, Fault] = {
    # The way out.
    "mail-no-smtp": Fault(
        _E,
        0,
        N_("The mailbox “{name}” only receives: nothing says which server sends for it."),
        N_("Write smtp: under it in ledgergen.yaml, or write drafts with `ledgergen send --drafts DIR`."),
    ),
    "mail-sender-bad": Fault(
        _E,
        0,
        N_("“{address}” is no mail address that mail could come from."),
        N_("Write the office's address as from: under mail: in ledgergen.yaml."),
    ),
    "template-no-subject": Fault(
        _E,
        2,
        N_("The template has no subject."),
        N_("Begin it with a line “{mark}” followed by the subject."),
    ),
    "send-one-way": Fault(
        _E,
        0,
        N_("--drafts, --handover, --text, --test-to, --mark-sent and --mark-received cannot be combined."),
        N_("Run the command once for each."),
    ),
    "send-test-bad": Fault(
        _E, 0, N_("“{address}” is no mail address."), N_("Write the whole address: --test-to name@example.gov.cn.")
    ),
    "mark-whom": Fault(
        _E, 0, N_("It is not said which units are meant."), N_("Name the units, or write --all for all of them.")
    ),
    "mail-not-undone": Fault(
        _E,
        0,
        N_("Event {number} is mail that went out; that cannot be undone."),
        N_("Write to the units if something is to be put right. Other events are undone by their number."),
    ),
    # Units and their addresses.
    "send-no-address": Fault(
        _W,
        3,
        N_("{unit} has no mail address."),
        N_(
            "Add it under mail: in units.yaml; or hand the ledger over (`ledgergen send --handover DIR`) and note that"
            " with `ledgergen send --mark-sent UNIT`."
        ),
    ),
    "send-address-bad": Fault(
        _E,
        3,
        N_("“{address}” of {unit} is no mail address."),
        N_("Correct it in units.yaml and run the command again; the other units are not held up by it."),
    ),
    # What must not go out.
    "send-leak": Fault(
        _E,
        0,
        N_("The file for {unit} was held back: it is not, or not only, this unit's ledger ({what})."),
        N_("Generate the ledgers again; if it stays so, please report it. Nothing was sent to this unit."),
    ),
    # What became of mails.
    "send-refused": Fault(
        _E,
        3,
        N_("The mail to {unit} was refused: {reason}"),
        N_("Correct the address in units.yaml if it is wrong, then run the same command again."),
    ),
    "send-address-refused": Fault(
        _W,
        3,
        N_("An address of {unit} was refused: {reason}"),
        N_("Correct it in units.yaml; the unit's other addresses have the mail."),
    ),
    "send-unknown": Fault(
        _E,
        1,
        N_("Nobody can tell whether the mail to {unit} went out: the line broke just then ({reason})."),
        N_("Ask the unit. If it has it: `ledgergen send --mark-sent UNIT`; if not: `ledgergen send --again UNIT`."),
    ),
    "send-later": Fault(
        _W,
        3,
        N_("The mail to {unit} has not gone out yet: {reason}"),
        N_("Run the same command again later; it sends what is still to be sent."),
    ),
    "send-bounced": Fault(
        _W,
        3,
        N_("The last mail to this address of {unit} came back: {reason}"),
        N_("Correct it in units.yaml and run `ledgergen send` again: what came back then goes to the new address."),
    ),
    "send-edition": Fault(
        _W,
        4,
        N_("The ledger of {unit} was made anew after it was sent."),
        N_("Send the new one if the unit needs it: `ledgergen send --again UNIT`."),
    ),
    # Answers.
    "answer-stranger": Fault(
        _W,
        3,
        N_("The return of {unit} came from {sender}, which is none of its addresses: the answer goes to those it has."),
        N_("Add the address under mail: in units.yaml if it is the unit's."),
    ),
    "answer-unknown": Fault(
        _E,
        1,
        N_("Nobody can tell whether the answer to {unit} went out: the line broke just then ({reason})."),
        N_("Ask the unit; send it once more with `ledgergen answer --send --again UNIT` if need be."),
    ),
    # Reminders.
    "remind-one-way": Fault(
        _E,
        0,
        N_("--list, --text, --drafts, --history, --called, --stop and --resume cannot be combined."),
        N_("Run the command once for each."),
    ),
    "remind-quiet": Fault(
        _N,
        6,
        N_("{day} is a quiet day: nobody is reminded."),
        N_("Run the command on a working day, or add --now."),
    ),
    "remind-review": Fault(
        _W,
        4,
        N_("What {unit} has sent waits in review, so it is not reminded of its ledger."),
        N_("Decide on it: `ledgergen review`."),
    ),
    "remind-unknown": Fault(
        _E,
        1,
        N_("Nobody can tell whether the reminder to {unit} went out: the line broke just then ({reason})."),
        N_("Ring the unit up, or send it once more with `ledgergen remind --now UNIT`."),
    ),
}

_MEANT = N_(
    "Ask whoever issued the plan; then write what is meant under the task: `deadline: {reading}`, corrected if need be."
)

_TIME: dict[str, Fault] = {
    # The words of a time limit that a person would ask about; the code is the doubt of the reading.
    "limit-not-understood": Fault(
        _W, 5, N_("“{words}” says no time limit that is known here, so nothing falls due by it."), _MEANT
    ),
    "limit-garbled": Fault(_W, 5, N_("“{words}” holds a date that cannot be: {reading}."), _MEANT),
    "limit-before-period": Fault(
        _W, 5, N_("“{words}” may mean before it begins or by its end. It is taken by the words: {reading}."), _MEANT
    ),
    "limit-before-issue": Fault(_W, 5, N_("“{words}” lies before the day the plan was issued: {reading}."), _MEANT),
    "limit-wrong-year": Fault(_W, 5, N_("“{words}” names a year that can hardly be meant: {reading}."), _MEANT),
    "limit-without-start": Fault(_W, 5, N_("“{words}” does not say from what day it counts: {reading}."), _MEANT),
    "limit-hours": Fault(_W, 5, N_("“{words}” counts hours, and only days can be followed: {reading}."), _MEANT),
    "limit-rhythm": Fault(
        _W,
        5,
        N_("“{words}” is a rhythm that cannot be followed: only every month, quarter, half-year and year can."),
        _MEANT,
    ),
    "limit-season": Fault(_W, 5, N_("“{words}” names a season, and not which days it is: {reading}."), _MEANT),
    "limit-school-term": Fault(
        _W, 5, N_("“{words}” goes by the school year, whose days are not known: {reading}."), _MEANT
    ),
    "limit-moving-feast": Fault(
        _W, 5, N_("“{words}” goes by a feast that is on another day each year: {reading}."), _MEANT
    ),
    "limit-no-day": Fault(_W, 5, N_("“{words}” names no day. It is read as {reading}."), _MEANT),
    "limit-which-month": Fault(_W, 5, N_("“{words}” does not say which month. It is read as {reading}."), _MEANT),
    "limit-about": Fault(_W, 5, N_("“{words}” is only about a day. It is read as {reading}."), _MEANT),
    "limit-backwards": Fault(
        _W, 5, N_("“{words}” counts back from something whose day is not known: {reading}."), _MEANT
    ),
    "limit-length": Fault(
        _W, 5, N_("“{words}” seems to be a target or a length, not a limit for the task: {reading}."), _MEANT
    ),
    "limit-serial-number": Fault(
        _W, 5, N_("“{words}” is a bare number. It is read as a date of Excel: {reading}."), _MEANT
    ),
    "limit-no-issue-day": Fault(
        _W,
        5,
        N_("“{words}” counts from the day the plan was issued, which plan.yaml does not say."),
        N_("Write it under `plan:`, such as `issued: 2022-06-08`."),
    ),
    "limit-unclear": Fault(
        _N,
        6,
        N_("“{words}” names no date, so nothing falls due by it."),
        N_("Where a date is meant, write it under the task; where none is, `deadline: {reading}` ends this hint."),
    ),
    # What the office writes about time.
    "deadline-key-missing": Fault(
        _E, 2, N_("A deadline of the kind {kind} needs the key “{needs}”."), N_("Add it: `{needs}: …`.")
    ),
    "deadline-key-idle": Fault(
        _E,
        2,
        N_("“{key}” has no meaning in a deadline of the kind {kind}."),
        N_("Delete it, or choose another kind. What may stand here: {keys}."),
    ),
    "deadline-by-bad": Fault(
        _E, 5, N_("“by: {value}” is no day inside a {every}."), N_("Write it such as {examples}.")
    ),
    "deadline-due-before-start": Fault(
        _E, 5, N_("The deadline is due on {due}, before it starts on {start}."), N_("Correct one of the two days.")
    ),
    "workday-both": Fault(
        _E, 5, N_("{day} is among the extra workdays and the extra holidays."), N_("Take it out of one of the two.")
    ),
    "calendar-year-unknown": Fault(
        _W,
        6,
        N_("The public holidays of {year} are not known here yet: for now only weekends count as free."),
        N_(
            "When they are announced, install a newer chinesecalendar; or write them under `workdays:` in"
            " ledgergen.yaml, with the year under `complete_years:`."
        ),
    ),
}

_PREFILL: dict[str, Fault] = {
    "prefill-task-unknown": Fault(
        _E, 4, N_("There is no task {id} in plan.yaml that anybody has."), N_("Correct the number of the task.")
    ),
    "prefill-round-unknown": Fault(
        _E,
        4,
        N_("There is no round “{name}” in ledgergen.yaml."),
        N_("The rounds are: {names}. Leave `round` out if it is for every round."),
    ),
    "prefill-column-unknown": Fault(
        _E, 4, N_("“{id}” is no column that units fill."), N_("The ids of the layout's columns are: {known}.")
    ),
    "prefill-measure-bad": Fault(
        _E,
        3,
        N_("“{value}” is no number of a measure."),
        N_("Write 1 to 99, or the N and four characters that stand in the row's code."),
    ),
    "prefill-measure-unknown": Fault(
        _W,
        4,
        N_("None of the units has a measure {measure} in task {id}, so this is filled in nowhere."),
        N_("Look the number up in the row's code; `ledgergen show --task {id}` lists the measures."),
    ),
    "prefill-not-theirs": Fault(
        _E, 4, N_("“{name}” does not have task {id}."), N_("Take the name out, or correct the number of the task.")
    ),
    "prefill-twice": Fault(
        _E,
        4,
        N_("“{id}” of {unit} in task {task} is filled in twice with different texts, first in line {line}."),
        N_("Keep one of the two, or give each its round under `round`."),
    ),
    "prefill-not-date": Fault(
        _E, 5, N_("“{title}” is to hold a day, and “{text}” is none."), N_("Write it like this: 2022-06-30.")
    ),
    "prefill-not-choice": Fault(_E, 5, N_("“{title}” cannot be “{text}”."), N_("What it may be: {choices}.")),
    "prefill-unwritable": Fault(
        _E,
        2,
        N_("The file is written in a way in which the changes cannot be put into it."),
        N_("Write each entry under `entries:` on a line of its own that begins with a dash, then try again."),
    ),
    "prefill-task-asked": Fault(
        _E, 0, N_("There is no task {id} in plan.yaml."), N_("Give the id of a task as plan.yaml has it.")
    ),
    "prefill-book-unrecognised": Fault(
        _E,
        1,
        N_("{count} sheets of this workbook look like what `ledgergen prefill export` writes; it must be one."),
        N_("Take the workbook that was exported, and leave its column titles as they are."),
    ),
    "prefill-book-campaign": Fault(
        _E, 1, N_("This workbook belongs to another campaign ({campaign})."), N_("Apply it there.")
    ),
    "prefill-book-unmarked": Fault(
        _E,
        1,
        N_("The workbook no longer says for which round it is."),
        N_("Say it: `ledgergen prefill apply --round ROUND FILE`."),
    ),
    "prefill-book-round": Fault(
        _E, 1, N_("The workbook is for round {round}, not for the one named."), N_("Leave `--round` out.")
    ),
    "prefill-column-missing": Fault(
        _W,
        2,
        N_("The column “{title}” is missing, or its title was changed."),
        N_("What is filled in there stays. If something was typed there, bring the title back and apply again."),
    ),
    "prefill-row-unknown": Fault(
        _E,
        4,
        N_("{unit} has no row {measure} of task {task}."),
        N_("Correct task, unit or measure. A further measure of the office's own gets the next number."),
    ),
    "prefill-row-shifted": Fault(
        _E,
        4,
        N_("This row was that of {other}: only some columns were sorted or pasted."),
        N_("Undo that in the workbook, or export it again."),
    ),
    "prefill-row-twice": Fault(
        _E,
        4,
        N_("The row of {unit} for measure {measure} of task {task} is there twice, first in row {line}."),
        N_("Delete one of the two, or give it the next number of a measure."),
    ),
    "prefill-cell-computed": Fault(
        _E,
        5,
        N_("“{title}” holds a formula or an error value: {text}"),
        N_("Type the text itself; nothing is computed here."),
    ),
    "prefill-cell-stays": Fault(
        _W,
        5,
        N_("“{title}” was emptied, but “{text}” stays: it does not come from prefill.yaml."),
        N_("It is the unit's own, the plan's, or stood in an earlier ledger. To replace it, type another text."),
    ),
    "prefill-cell-overrides": Fault(
        _N,
        6,
        N_("“{title}” now stands over what {unit} itself wrote: {text}"),
        N_("Nothing to do if that is meant; the entry says `override: true`."),
    ),
}

_LAYOUT: dict[str, Fault] = {
    "layout-unknown": Fault(_E, 0, N_("There is no layout “{name}”."), N_("The layouts are: {names}.")),
    "template-faulty": Fault(
        _E, 2, N_("The template cannot be filled: {reason}."), N_("Correct it; the reference lists what it may name.")
    ),
    "template-not-word": Fault(
        _E,
        1,
        N_("The template is no sound Word document ({reason})."),
        N_("Save it in Word as .docx, or take the file away: then the product's own template is used."),
    ),
    "score-unit-unknown": Fault(
        _E,
        3,
        N_("“{name}” is no unit of units.yaml."),
        N_("Write a name or an alias that is there. Near to it: {near}"),
    ),
    "score-number-bad": Fault(
        _E,
        5,
        N_("“{text}” is no number of points."),
        N_("Write a number such as 2 or 0.5; leave the cell blank for none."),
    ),
    "score-table-empty": Fault(
        _W,
        2,
        N_("The table of points has no line that counts."),
        N_("Its titles are 单位, 扣分 or 加分, and 事由; each line names a unit and a number."),
    ),
    "page-personal": Fault(
        _E,
        5,
        N_("Task {task}: “{title}” would make a person's number public: {text}"),
        N_(
            "Write another text with `ledgergen resolve`, keep the task off the page with `publish: false`, or, where"
            " it is an office's public telephone, say `phones: true` under `page:`."
        ),
    ),
    "page-unworded": Fault(
        _N,
        6,
        N_("{count} texts of progress on the page are the units' own words."),
        N_("Write the office's own (核定表述) into the status workbook where they should read otherwise."),
    ),
    "page-not-approved": Fault(
        _W,
        6,
        N_("The page of this round is not approved; what was written is a draft and must not be published."),
        N_("Look at it and at `ledgergen report page --diff`, then `ledgergen report approve page`."),
    ),
    "approved-marked": Fault(
        _W,
        6,
        N_("The file still says “{mark}”; it was approved as it is."),
        N_("Take the mark out in Word and approve the file again, or undo the approval."),
    ),
    "report-characters": Fault(
        _N,
        6,
        N_("{count} control characters were left out; no document may hold them."),
        N_("Nothing is to be done; they come from somebody's copying and are invisible."),
    ),
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
    "layout-required-column": Fault(
        _E,
        2,
        N_("`required_when` names “{id}”, which is no column with choices."),
        N_("Name another column of `kind: choice`, such as status."),
    ),
    "layout-required-answer": Fault(
        _E, 2, N_("“{text}” is no choice of the column “{id}”."), N_("Its choices are: {choices}.")
    ),
    "layout-required-office": Fault(
        _E,
        2,
        N_("Units do not fill the column “{id}”, so it cannot be required."),
        N_("Take `required_when` away, or say with `asked` when the unit is asked for it."),
    ),
    "layout-without-unknown": Fault(
        _E,
        2,
        N_("`without` names “{id}”, which is neither a column nor an item of the head block."),
        N_("Correct the id or take it away."),
    ),
    "layout-without-identity": Fault(
        _E,
        2,
        N_("No face can do without the column “{id}”: rows are known by it."),
        N_("Take it out of `without`."),
    ),
    "layout-state-unknown": Fault(
        _W,
        6,
        N_("The answer “{text}” of the column status is no state, so it counts as 未报送."),
        N_("Say with `means` which state it is: {states}."),
    ),
    "layout-print-small": Fault(
        _W,
        6,
        N_(
            "On one page's width the texts of the table would be {points} points high. They are printed {least} points "
            "high, on several pages side by side."
        ),
        N_("To have it on one page's width, make columns narrower, leave some out, or use A3."),
    ),
    "layout-exists": Fault(
        _E,
        0,
        N_("The campaign has a layout “{name}” of its own already."),
        N_("Edit that file, or copy under another name: `ledgergen layout copy NAME NEW-NAME`."),
    ),
    "no-libreoffice": Fault(
        _E,
        0,
        N_("LibreOffice is not installed here, and nothing else can print the preview."),
        N_("Install it, or write the workbook itself and open it: `ledgergen layout preview NAME --to FILE.xlsx`."),
    ),
    "preview-failed": Fault(
        _E,
        0,
        N_("LibreOffice did not print the preview: {reason}."),
        N_("Close LibreOffice and try again, or write the workbook itself: `--to FILE.xlsx`."),
    ),
    "preview-kind": Fault(
        _E, 0, N_("A preview cannot be written as “{name}”."), N_("End the name with .pdf, .png or .xlsx.")
    ),
}

_FORM: dict[str, Fault] = {
    # An office's own form, `layout: {template: …}`.
    "cell-name-bad": Fault(
        _E, 2, N_("“{value}” is no name of a cell."), N_("Write a column and a row, such as A1 or C12.")
    ),
    "form-missing": Fault(
        _E,
        1,
        N_("There is no file {path} in the campaign's folder."),
        N_("Put the form there, for instance into templates/, and write its path after `template:`."),
    ),
    "form-outside": Fault(
        _E,
        1,
        N_("{path} lies outside the campaign's folder."),
        N_("Copy the form into the campaign's folder and write its path from there."),
    ),
    "form-unreadable": Fault(
        _E,
        1,
        N_("The form cannot be read ({reason})."),
        N_("Open it in Excel or WPS, save it as .xlsx without a password, and try again."),
    ),
    "form-is-ledger": Fault(
        _E, 1, N_("This is a ledger that was issued already, not an empty form."), N_("Use the form it was made from.")
    ),
    "form-too-large": Fault(
        _E,
        1,
        N_("The form has more than {cells} cells, or more than {merged} cells in merged ranges."),
        N_("Delete the empty rows and columns around the table, and take merged ranges apart."),
    ),
    "form-sheet-kind": Fault(
        _E, 1, N_("This sheet holds a chart or macros instead of cells."), N_("Delete the sheet from the form.")
    ),
    "form-loses": Fault(
        _W,
        6,
        N_("The ledgers will lack what the form has here: {what}."),
        N_("If it is needed, put it into cells, pictures or plain shapes; else take it out of the form."),
    ),
    "form-sheet-unknown": Fault(
        _E, 2, N_("The form has no such sheet."), N_("Write one of these after `sheet:`: {names}.")
    ),
    "form-sheets": Fault(
        _E,
        2,
        N_("Several sheets have a table: {names}."),
        N_("Say in ledgergen.yaml which one: `layout: {{template: …, sheet: {first}}}`."),
    ),
    "form-no-header": Fault(
        _E,
        2,
        N_("No row of column titles was found in the first thirty rows ({names})."),
        N_("Say in ledgergen.yaml which row it is: `header_row: 5`, and what its columns are under `columns:`."),
    ),
    "form-headers": Fault(
        _E,
        2,
        N_("Rows {rows} could all be the row of column titles."),
        N_("Say in ledgergen.yaml which one: `header_row: {first}`."),
    ),
    "form-title-wide": Fault(
        _E,
        2,
        N_("The title “{title}” stands over several columns."),
        N_("Make it one column in the form, or give each column below it a title of its own."),
    ),
    "form-title-blank": Fault(
        _E, 2, N_("This column of the table has no title."), N_("Give it one in the form, or delete the column.")
    ),
    "form-title-twice": Fault(
        _E,
        2,
        N_("“{title}” is the title of two columns; returned tables are read by it."),
        N_("Give one of them another title in the form."),
    ),
    "form-column-claimed": Fault(
        _E,
        2,
        N_("“{title}” and “{other}” could both be the column “{id}”."),
        N_(
            "Say in ledgergen.yaml which it is, and that the other is the form's own:"
            " `columns: {{{title}: {id}, {other}: text}}`."
        ),
    ),
    "form-title-near": Fault(
        _E,
        2,
        N_("“{title}” looks like a known column and is none for sure. It could be: {ids}."),
        N_(
            "Say in ledgergen.yaml what it is: `columns: {{{title}: {id}}}`, or `{title}: text` for a column of the"
            " form's own."
        ),
    ),
    "form-column-own": Fault(
        _N,
        6,
        N_("“{title}” is none of the known columns: the units may fill it, and it is kept as text."),
        N_("If it is a known one, say so in ledgergen.yaml: `columns: {{{title}: …}}`."),
    ),
    "form-answer-title": Fault(
        _E, 2, N_("The form has no column “{title}”."), N_("Write under `columns:` one of its titles: {names}.")
    ),
    "form-answer-id": Fault(_E, 2, N_("“{title}” cannot be “{id}”."), N_("Write one of these after it: {ids}.")),
    "form-no-task": Fault(
        _E,
        2,
        N_("No column of the form is for the task; its columns are: {names}."),
        N_("Say in ledgergen.yaml which one is: `columns: {{…: task}}`."),
    ),
    "form-choice-unknown": Fault(
        _W,
        5,
        N_("The form's list for “{title}” offers answers that cannot be read: {texts}. Known are: {choices}."),
        N_("Change the list in the form, or add these answers to a layout of your own and name it after `like:`."),
    ),
    "form-placeholder": Fault(
        _W,
        5,
        N_("This looks like a place to be filled for each unit: {text}"),
        N_('Say in ledgergen.yaml what belongs there: `cells: {{{cell}: "…{{{{ unit }}}}…"}}`; or leave it as it is.'),
    ),
    "form-cell-inside": Fault(
        _E, 2, N_("{cell} lies inside the table."), N_("Under `cells:` name cells above or below the table only.")
    ),
    "form-formula": Fault(
        _W,
        5,
        N_("The table has formulas: {cells}. They are left out of the ledgers."),
        N_("Nothing is needed, unless the units should see what they compute."),
    ),
    "form-example": Fault(
        _W,
        6,
        N_("Row {row} holds an example, which the ledgers do not show: {text}"),
        N_("If it is a note and no example, merge it across the table, or begin it with 注：."),
    ),
    "form-no-room": Fault(
        _E,
        2,
        N_("The two columns right of the table are needed for the codes, and this cell is in the way."),
        N_("Clear or unmerge what stands right of the table."),
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
        N_("The file opens with a password only, and none that was given fits."),
        N_(
            "Collect it again with the password: `--ask-password`, `--password-file FILE`, or the variable"
            " LEDGERGEN_PASSWORDS. Or ask the unit to send it without one."
        ),
    ),
    "file-encrypted-kind": Fault(
        _E,
        1,
        N_("The file opens with a password only, and files that are encrypted like this ({kind}) are not opened here."),
        N_("Open it with its own program, save it without a password, and collect that file."),
    ),
    "file-key-costly": Fault(
        _E,
        1,
        N_("Making the file's key from a password takes {count} rounds; at most {limit} are tried."),
        N_("Open it with its own program, save it without a password, and collect that file."),
    ),
    "file-unfinished": Fault(
        _E,
        1,
        N_("The file is still being written or downloaded; it was left alone."),
        N_("Collect again when it is complete. A file that is complete but named like this needs another name."),
    ),
    "archive-without-ledger": Fault(
        _E,
        1,
        N_("There is no ledger among the {count} files of the archive."),
        N_("Ask the unit for the ledger itself."),
    ),
    "archive-not-opened": Fault(
        _E,
        1,
        N_("This {kind} archive, or the file in it, cannot be unpacked on this machine: {needed} is missing."),
        N_(
            "Unpack it by hand and collect the files; or install `ledgergen[archives]`, and for RAR also unrar, 7-Zip"
            " or bsdtar, and collect it again."
        ),
    ),
    "archive-volume": Fault(
        _E,
        1,
        N_("This is one part of an archive that was split into several."),
        N_("Put all parts together, unpack them by hand and collect the files."),
    ),
    "archive-too-many": Fault(
        _E,
        1,
        N_("The archive holds more than {limit} files; the rest was not looked at."),
        N_("Unpack it by hand and collect the ledgers in it."),
    ),
    "archive-too-large": Fault(
        _E,
        1,
        N_("The archive unpacks to more than {limit} MB; the rest was not looked at."),
        N_("Unpack it by hand, if it is what the unit says it is, and collect the ledgers in it."),
    ),
    "archive-too-deep": Fault(
        _E,
        1,
        N_("Archives within archives are opened {limit} deep; this one is deeper and was not opened."),
        N_("Unpack it by hand, if it is what the unit says it is, and collect the ledgers in it."),
    ),
    "archive-timeout": Fault(
        _E,
        1,
        N_("The archive could not be read to its end within {seconds} seconds."),
        N_("What was read of it is taken. Unpack it by hand and collect the rest."),
    ),
    "member-not-unpacked": Fault(
        _E,
        1,
        N_("The file is packed in a way ({method}) that cannot be undone here."),
        N_("Unpack the archive by hand and collect the file."),
    ),
    "not-a-ledger": Fault(
        _N,
        1,
        N_("This file in the archive is no ledger; by its bytes it is: {kind}."),
        N_("Nothing is needed, unless the ledger itself is missing."),
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
    "rows-unrecognised": Fault(
        _E,
        3,
        N_("This looks like the ledger of {unit} ({round}), but its rows show neither codes nor texts of it."),
        N_("Look at the file. If it is that ledger, ask the unit to write into the one that was sent to it."),
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
        N_("If the unit really wants the old values back, `ledgergen review` accepts it."),
    ),
    "round-earlier": Fault(
        _W,
        3,
        N_("This is the ledger of {round}, and that of {current} is out; it counts for {round}."),
        N_(
            "If the unit meant {current}, ask it for that ledger, or `ledgergen review accept` with --unit and --round."
        ),
    ),
    "edition-earlier": Fault(
        _N,
        3,
        N_("This is an older edition of the ledger of {unit}; what its rows say still counts, task by task."),
        N_("If tasks are missing, ask the unit to fill the newest edition."),
    ),
    "return-outdated": Fault(
        _W,
        3,
        N_("The return was filled into an older edition of the ledger than one before it; it changes nothing."),
        N_("Ask the unit which counts; `ledgergen review` accepts this one."),
    ),
    "values-disagree": Fault(
        _W,
        5,
        N_("Task {task}: “{title}” is “{text}” here and “{other}” in {source}; the later one stands."),
        N_("Ask the unit which is right; `ledgergen resolve` chooses."),
    ),
    "value-corrected": Fault(
        _N,
        5,
        N_("Task {task}: “{title}” was “{other}” in {source} and is “{text}” now."),
        N_("Nothing to do if the unit meant to correct it."),
    ),
    "value-set-back": Fault(
        _N,
        5,
        N_("Task {task}: “{title}” was “{other}” in {source} and is again as issued: “{text}”."),
        N_("Nothing to do if the unit meant it so; `ledgergen resolve` chooses otherwise."),
    ),
    "value-kept": Fault(
        _N,
        5,
        N_("Task {task}: “{title}” was “{other}” in {source} and is blank here; a blank takes nothing back."),
        N_("If the unit wants it gone, it writes 清空 into the cell; `ledgergen resolve` takes it back too."),
    ),
    "sheets-of-one-book": Fault(
        _E,
        3,
        N_("The sheets {sheets} are all the ledger of {unit}, and they differ."),
        N_("Ask the unit which of them counts, and delete the others."),
    ),
    "members-of-one-book": Fault(
        _W,
        3,
        N_("Several files of the archive are the ledger of {unit}, and they differ: {files}"),
        N_("They lie over each other in this order, the last on top. See whether that is right."),
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
    "head-of-another": Fault(
        _W,
        3,
        N_("What stands above the rows belongs to the ledger of {other}: {text}"),
        N_("The rows were taken, that head was not. Ask the unit for its contact and reviewer if they matter."),
    ),
    "codes-moved": Fault(
        _W,
        3,
        N_("In {count} rows, from here on, the code is another row's; task and prefilled measure were followed."),
        N_("Look at one or two of the rows: it seems that they were sorted without the column of the codes."),
    ),
    "hidden-codes-moved": Fault(
        _W,
        3,
        N_("In {count} rows, from here on, the hidden code is another row's; visible codes and texts agree."),
        N_("Nothing is needed: the rows were sorted without the hidden column, and the visible codes count."),
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
    "codes-disagree": Fault(
        _W,
        4,
        N_("The row's codes ({code}, hidden {second}) are those of two rows, and no text says which is right."),
        N_("The visible code was taken. Look at the row."),
    ),
    "cells-merged": Fault(
        _W,
        5,
        N_("“{title}” is merged with {above}; what stands there was taken for that row only."),
        N_("If it is meant for this row as well, ask the unit to write it into both."),
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

# What is said of the values that stand (state/checks.py). An office may give each another severity, or leave it out.
_CHECKS: dict[str, Fault] = {
    "required-when": Fault(
        _W,
        4,
        N_("Task {task}: “{other}” says “{answer}”, and “{title}” is blank."),
        N_("Ask the unit to fill it in, or to choose another answer."),
    ),
    "not-filled": Fault(
        _N,
        4,
        N_("{count} of {of} rows that are due say nothing: task {tasks}."),
        N_("Remind the unit of these rows."),
    ),
    "date-out-of-range": Fault(
        _W,
        5,
        N_("Task {task}: “{title}” is “{text}”, which cannot be the day meant; it should lie in {first} to {last}."),
        N_("Ask the unit for the right day; most often it is the year that is wrong."),
    ),
    "dates-reversed": Fault(
        _W,
        5,
        N_("Task {task}: “{title}” ({text}) lies before “{other}” ({answer})."),
        N_("Ask the unit which of the two days is wrong."),
    ),
    "id-card-number": Fault(
        _E,
        5,
        N_("Task {task}: “{title}” holds the number of an identity card: {text}"),
        N_("Have the unit take it out; personal data has no place in a ledger and must not be published."),
    ),
    "bank-card-number": Fault(
        _E,
        5,
        N_("Task {task}: “{title}” holds what looks like the number of a bank card: {text}"),
        N_("Have the unit take it out; personal data has no place in a ledger and must not be published."),
    ),
    "phone-number": Fault(
        _W,
        5,
        N_("Task {task}: “{title}” holds a telephone number: {text}"),
        N_("Take it out before anything is published, unless it is an office's public number."),
    ),
    "state-backwards": Fault(
        _W,
        5,
        N_("Task {task}: “{title}” was “{other}” in the round before and is “{text}” now."),
        N_("Ask the unit which is right, and why."),
    ),
    "text-too-long": Fault(
        _W,
        5,
        N_("Task {task}: “{title}” holds {count} characters; at most {limit} are of use."),
        N_("Ask the unit for the main points; the whole text belongs into a file of its own."),
    ),
    "progress-repeated": Fault(
        _W,
        6,
        N_("Task {task}: “{title}” is word for word that of the round before."),
        N_("Ask the unit what was done in this round, or to tick 本期无变化."),
    ),
    "requirement-copied": Fault(
        _W,
        6,
        N_("Task {task}: “{title}” merely repeats what the plan requires."),
        N_("Ask the unit what was done, when, how much, and with what result."),
    ),
    "evidence-unclear": Fault(
        _W,
        6,
        N_("Task {task}: “{title}” is neither an address nor a file or document by name: {text}"),
        N_("Ask the unit for the address of the page, or the name of the file."),
    ),
}

CHECKS: Final = tuple(_CHECKS)  # the codes that `checks:` in ledgergen.yaml may name

_REPORT: dict[str, Fault] = {
    "answer-nothing": Fault(
        _W, 3, N_("{unit} has returned nothing in this round that counts."), N_("There is nothing to be answered yet.")
    ),
    "file-kept": Fault(
        _W,
        1,
        N_("Somebody has edited this file since it was made; it is kept, and the new one is {name}."),
        N_("Move what was edited to where it belongs, then delete the file you no longer need."),
    ),
}

_EXCHANGE: dict[str, Fault] = {
    "plan-book-name": Fault(
        _E, 0, N_("“{name}” cannot be the name of this workbook."), N_("Choose a name that ends in .xlsx.")
    ),
    "plan-book-unrecognised": Fault(
        _E,
        3,
        N_("This is no workbook of plan and units: it has none of the sheets {names}."),
        N_("Make one with `ledgergen plan export` and edit that."),
    ),
    "plan-book-unknown": Fault(
        _E,
        3,
        N_("This workbook was not exported from this campaign: its number “{number}” is not known here."),
        N_("Apply it in its own campaign, or run `ledgergen plan export` here and edit the new workbook."),
    ),
    "plan-book-older": Fault(
        _N,
        6,
        N_("plan.yaml or units.yaml has changed since this workbook was exported."),
        N_("Nothing is needed: what changed only there stays, and what both changed is named cell by cell."),
    ),
    "plan-sheet-missing": Fault(
        _W, 3, N_("The sheet “{name}” is missing."), N_("Nothing of it was changed. Export again if it is wanted.")
    ),
    "plan-sheet-twice": Fault(
        _E,
        3,
        N_("The sheets {sheets} could all be the sheet “{name}”."),
        N_("Keep one of them and name it “{name}”."),
    ),
    "plan-column-missing": Fault(
        _W,
        3,
        N_("The column “{title}” is missing or its title was changed."),
        N_("Nothing of it was changed. Restore the title if the column was edited."),
    ),
    "plan-column-twice": Fault(
        _W, 3, N_("Two columns are titled “{title}”; the first was read."), N_("Delete the other one.")
    ),
    "plan-row-twice": Fault(
        _E,
        4,
        N_("“{key}” stands in several rows: {cells}."),
        N_("Keep one of them; give a copied row a number or name of its own."),
    ),
    "plan-task-without-id": Fault(
        _E,
        4,
        N_("This added row has no task number, so it was not taken."),
        N_("Write a number that no other task has, such as {proposed}."),
    ),
    "plan-row-without-name": Fault(
        _E, 4, N_("This added row has no name, so it was not taken."), N_("Write the name into the first column.")
    ),
    "plan-row-deleted": Fault(
        _W,
        4,
        N_("“{key}” is not in the workbook any more; it stays in the file."),
        N_("If it was deleted on purpose, run the command again with --delete."),
    ),
    "plan-row-deleted-changed": Fault(
        _E,
        4,
        N_("“{key}” was deleted in the workbook, but has been changed in the file since the export; it stays."),
        N_("Look at both. To delete it, export again and delete it there."),
    ),
    "plan-row-gone": Fault(
        _W,
        4,
        N_("“{key}” is not in the file any more; this row was not taken."),
        N_("If it should be there again, empty the last, grey cell of the row and apply the workbook again."),
    ),
    "plan-cell-conflict": Fault(
        _E,
        5,
        N_(
            "“{title}” was changed here and in {file}, line {line}, differently: exported {exported}, "
            "there {now}, here {wanted}"
        ),
        N_("What stands in the file stays. Write what is right into the cell as well as the file, or export again."),
    ),
    "plan-cell-unreadable": Fault(
        _E,
        5,
        N_("“{title}” holds “{text}”, which cannot be read here."),
        N_("Write it as the hint at the cell says; the value in the file stays until then."),
    ),
    "plan-cell-formula": Fault(
        _E,
        5,
        N_("This cell holds a formula or an error value: {text}"),
        N_("Type what is meant; the value in the file stays until then."),
    ),
    "plan-cell-too-long": Fault(
        _E, 5, N_("This text has {count} characters; at most {limit} are possible."), N_("Shorten it.")
    ),
    "plan-cell-character": Fault(
        _E,
        5,
        N_("This text holds the character {character}, which cannot be seen and does not belong there."),
        N_("Type the text anew."),
    ),
    "plan-text-outside": Fault(
        _W,
        5,
        N_("There is text outside the table, which was not taken: {text}"),
        N_("Write it into a column of the table if it matters."),
    ),
    "plan-task-id-issued": Fault(
        _E,
        3,
        N_("Task {id} stands in ledgers that were issued; its number cannot be changed any more."),
        N_("Write the old number back. For another task add a row with a number of its own."),
    ),
    "plan-unit-renamed": Fault(
        _N,
        6,
        N_("“{old}” is now “{new}”; the old name was noted as a former name."),
        N_("Nothing is needed; the plan may still use the old name."),
    ),
    "plan-file-unwritable": Fault(
        _E,
        2,
        N_("This file is written in a way in which the changes cannot be put into it without touching the rest."),
        N_("Make these changes in an editor: {changes}."),
    ),
    "plan-file-edited-since": Fault(
        _W,
        1,
        N_("This file has been edited since; it was left as it is."),
        N_("Its former state is kept in .ledgergen/originals as {sha256}."),
    ),
    "consult-round-taken": Fault(
        _E,
        2,
        N_("ledgergen.yaml has a round with the id “{id}”, which is kept for asking opinions."),
        N_("Give that round another id."),
    ),
    "consult-not-issued": Fault(
        _E, 0, N_("No unit has been asked for its opinion yet."), N_("Run `ledgergen plan consult` first.")
    ),
    "opinion-unit-unknown": Fault(
        _W,
        5,
        N_("{unit} suggests “{name}” for task {id}; units.yaml has nobody of that name."),
        N_("Ask the unit whom it means, or add the unit."),
    ),
    "opinion-unit-near": Fault(
        _W,
        5,
        N_("{unit} suggests “{name}” for task {id}; units.yaml has nobody of that name. Alike: {suggestions}."),
        N_("Ask the unit whom it means, or add the name as an alias."),
    ),
}

_LOOK = N_("Look into the document; the words stand beside the task in plan.yaml, marked 待核.")

_DOCUMENT: dict[str, Fault] = {
    # The file.
    "document-unreadable": Fault(
        _E,
        1,
        N_("This is no document that can be read; by its bytes it is: {kind}."),
        N_("Save it as .docx, .pdf with text, .html, .xlsx or .txt and import that."),
    ),
    "document-empty": Fault(_E, 1, N_("The document is empty."), N_("See whether this is the right file.")),
    "document-damaged": Fault(
        _E,
        1,
        N_("The document is damaged, in its part “{part}”."),
        N_("Open it, save it under another name, and import that."),
    ),
    "document-too-large": Fault(
        _E,
        1,
        N_("The document unpacks to far more than a plan can hold; it was not read on."),
        N_("Do not trust it. Ask where it comes from, or copy the plan's text into a new document and import that."),
    ),
    "document-timeout": Fault(
        _E,
        1,
        N_("The document could not be read within {seconds} seconds."),
        N_("Cut out the part with the plan and its tables, and import that."),
    ),
    "document-memory": Fault(
        _E,
        1,
        N_("Reading the document took more than {megabytes} MB of memory."),
        N_("Cut out the part with the plan and its tables, and import that."),
    ),
    "document-died": Fault(
        _E,
        1,
        N_("Reading the document made the reader break down."),
        N_("Open it, save it as .docx under another name, and import that."),
    ),
    "document-failed": Fault(
        _E,
        1,
        N_("Reading the document failed in an unforeseen way ({error})."),
        N_("Save it as .docx and import that; if that fails too, please report it."),
    ),
    "document-encrypted": Fault(
        _E,
        1,
        N_("The document opens with a password only."),
        N_("Open it, save it without a password under another name, and import that."),
    ),
    "document-without-text": Fault(
        _E,
        1,
        N_("The document holds pictures of pages, not text ({pages} pages)."),
        N_("Run text recognition on it, or ask the office that issued it for the file it was made from."),
    ),
    "document-too-many-pages": Fault(
        _E,
        1,
        N_("The document has {pages} pages; at most {limit} are read."),
        N_("Cut out the pages with the plan and its tables, and import those."),
    ),
    "document-too-much-text": Fault(
        _E,
        1,
        N_("The document holds more than {limit} characters of text."),
        N_("Cut out the part with the plan and its tables, and import that."),
    ),
    "document-paragraph-too-long": Fault(
        _E,
        1,
        N_("A paragraph of the document has more than {limit} characters."),
        N_(
            "See whether this is the plan; if so, copy its text into a new document with its paragraphs, "
            "and import that."
        ),
    ),
    "document-needs-office": Fault(
        _E,
        1,
        N_("Files of the kind {kind} are read with LibreOffice, which is not installed."),
        N_("Open the file in Word or WPS, save it as .docx and import that; or install LibreOffice."),
    ),
    "document-office-failed": Fault(
        _E,
        1,
        N_("LibreOffice could not convert the file within {seconds} seconds."),
        N_("Open the file in Word or WPS, save it as .docx and import that."),
    ),
    "document-table-lost": Fault(
        _E,
        2,
        N_("A table drawn without lines stands here; where its cells end can only be guessed, so it was not read."),
        N_("Import the file it was made from (.docx, .xlsx, .html), or give the table lines."),
    ),
    "document-table-flat": Fault(
        _E,
        2,
        N_("The cells of a table stand here one below another; which belong together can only be guessed."),
        N_("The table was not read. Import the file it was made from (.docx, .xlsx, .html, .pdf)."),
    ),
    "document-without-tasks": Fault(
        _E,
        4,
        N_("No task was found: there is no table of tasks, and no numbered paragraph that would be one."),
        N_("See whether this is the plan itself and not only its covering notice; else write plan.yaml by hand."),
    ),
    "document-fact-missing": Fault(
        _W, 4, N_("The document does not say its {fact}, or not where it is looked for."), N_("Add it in plan.yaml.")
    ),
    "document-task-without-units": Fault(
        _W,
        4,
        N_("Nobody is named for {number} “{name}”."),
        N_("Assign a unit under `lead:` or `responsible:` in plan.yaml."),
    ),
    "document-item-left-out": Fault(
        _N,
        6,
        N_("“{item}” names nobody while others do; it was not taken as a task."),
        N_("If it is one, add it to plan.yaml."),
    ),
    "document-form-left-out": Fault(
        _N, 6, N_("The table “{title}” is a form to be filled in; it holds no tasks."), N_("Nothing is needed.")
    ),
    "document-group-pending": Fault(
        _W,
        4,
        N_("“{name}” is a group that the document does not explain; it has {count} tasks."),
        N_("Name its members or kinds in units.yaml, or leave it to the lead unit (pending: lead)."),
    ),
    "document-unit-near": Fault(
        _W,
        4,
        N_("“{name}” looks like “{other}”, but the table of abbreviations does not say so."),
        N_("If they are one unit, write one of the names under `aliases:` of the other in units.yaml."),
    ),
    # What a person would ask, task by task.
    "doubt-limit-from-above": Fault(
        _W, 5, N_("The cell of the time limit is blank; it was taken from the row of another task above."), _LOOK
    ),
    "doubt-units-from-above": Fault(
        _W, 5, N_("The cell of the units is blank; they were taken from the row of another task above."), _LOOK
    ),
    "doubt-shared-clause": Fault(
        _W, 5, N_("Only the last item names units ({clause}); they were taken for this one too."), _LOOK
    ),
    "doubt-no-units": Fault(_W, 5, N_("The items beside it name units, this one does not."), _LOOK),
    "doubt-units-in-sentence": Fault(
        _W, 5, N_("Who leads ({text}) was taken from a sentence; nothing else says who is responsible."), _LOOK
    ),
    "doubt-english": Fault(
        _W, 5, N_("An English word stands in a unit's name: {text}"), N_("Correct the name in plan.yaml.")
    ),
    "doubt-lead-group": Fault(
        _W, 5, N_("No unit is named, only groups; who leads ({text}) stands in another document."), _LOOK
    ),
    "doubt-first-group": Fault(
        _W,
        5,
        N_("Whoever stands first is to lead, but “{text}” is a group."),
        N_("Name the lead in plan.yaml."),
    ),
    "doubt-two-days": Fault(
        _W,
        5,
        N_("The limit counts from the issue; the document was signed on {signed} and printed on {printed}."),
        N_("The day of signing was taken; write `deadline:` if the other is meant."),
    ),
    "doubt-soft-year": Fault(
        _W, 5, N_("“年内” may be meant as a limit, the end of the year."), N_("Add `time_limit:` if it is.")
    ),
    # An import into a campaign that exists.
    "import-kept": Fault(
        _W,
        4,
        N_("Task {id}: “{field}” was edited here and the document has changed; the edited text is kept."),
        N_("The document now says: {text}"),
    ),
    "import-gone": Fault(
        _W,
        4,
        N_("Task {id} “{name}” is no longer in the document; it is kept."),
        N_("Delete it from plan.yaml if it is not to be done any more."),
    ),
    "import-cannot-merge": Fault(
        _E,
        4,
        N_("The file is written in a way in which new text cannot be put into it."),
        N_("Nothing was changed. Import into a new folder with --into and copy what you need."),
    ),
    # Units proposed for tasks that name nobody, and tables that a person decides in.
    "suggest-nothing": Fault(
        _N, 6, N_("Nothing speaks for any unit in task {id}."), N_("Name one: --accept {id}=NAME, or in plan.yaml.")
    ),
    "suggest-task-unknown": Fault(
        _E, 4, N_("There is no task {id}."), N_("`ledgergen suggest` lists the tasks that name nobody.")
    ),
    "suggest-number-unknown": Fault(
        _E,
        5,
        N_("Task {id} has {count} suggestions; there is none with the number {number}."),
        N_("Choose one of those that `ledgergen suggest` shows, or write a name."),
    ),
    "suggest-has-units": Fault(
        _N, 4, N_("Task {id} names units by now; they are kept."), N_("Change them in plan.yaml if need be.")
    ),
    "suggest-unit-added": Fault(
        _N, 6, N_("“{name}” is new and was added to units.yaml."), N_("Complete its entry: kind, aliases, mail.")
    ),
    "suggest-unit-near": Fault(
        _W,
        5,
        N_("“{name}” is new and was added to units.yaml, which has {near}."),
        N_("If it is the same, delete the new entry and put the name under the other's aliases."),
    ),
    "suggest-group-kinds": Fault(
        _W,
        5,
        N_("The group “{name}” was added to units.yaml; nobody there is of the kind {kinds} yet."),
        N_("Add those units with this kind, or write the group's members."),
    ),
    # The superior's plan beside one's own.
    "links-none": Fault(
        _E, 1, N_("No other plan was put beside this one yet."), N_("`ledgergen import DOC --beside` does it.")
    ),
    "link-row-bad": Fault(
        _E, 2, N_("A link needs `superior:` and a relation; “{relation}” is none."), N_("Write one of: {words}.")
    ),
    "link-row-unknown": Fault(
        _E, 4, N_("The superior's plan has no task {id}."), N_("Leave the first column as it was exported.")
    ),
    "link-task-unknown": Fault(
        _E, 4, N_("plan.yaml has no task {id}."), N_("Write the id of a task that is there, or leave it out.")
    ),
    "link-row-divided": Fault(
        _W,
        5,
        N_("Task {id} of the superior's plan: the relation is “{relation}”, which does not go with its tasks."),
        N_("missing goes without tasks; same and refined name them."),
    ),
    "link-missing": Fault(
        _W,
        5,
        N_("Task {id} “{name}” of the superior's plan is carried on by no task here."),
        N_("Name the tasks in links.yaml or in the workbook of `ledgergen links --export`, or confirm it: checked."),
    ),
    "choice-book-unrecognised": Fault(
        _E,
        1,
        N_("{count} sheets have the columns of the table “{sheet}”; one is needed."),
        N_("Use the workbook as it was exported, with its header row."),
    ),
    "choice-book-other": Fault(
        _E,
        1,
        N_("The table's number is {number}; the one that belongs here is {wanted}."),
        N_("Export the table again and decide in that."),
    ),
    "choice-column-missing": Fault(
        _W, 2, N_("The column “{title}” is missing."), N_("Nothing was taken from it. Its title may have been changed.")
    ),
    "choice-row-twice": Fault(
        _W, 4, N_("“{key}” stands in two rows."), N_("The first one was taken; delete the other.")
    ),
    "choice-cell-computed": Fault(
        _E, 5, N_("The cell under “{title}” holds a formula or an error."), N_("Type the text itself.")
    ),
}

# What is said of incoming mails and of who sent them.
_LETTERS: dict[str, Fault] = {
    "letter-unreadable": Fault(
        _E,
        1,
        N_("This mail cannot be opened: it has no head."),
        N_("Open it in a mail program, save its attachments and collect them from a folder."),
    ),
    "letter-cut": Fault(
        _W,
        1,
        N_("The end of this mail is missing; what came before it was read."),
        N_("See whether its last attachment is whole; else ask for the mail again."),
    ),
    "letter-too-deep": Fault(
        _W,
        1,
        N_("Mails within mails are opened {limit} deep; this one is deeper and was not opened."),
        N_("Open it in a mail program, save its attachments and collect them from a folder."),
    ),
    "letter-too-many": Fault(
        _W,
        1,
        N_("The mail holds more than {limit} files, or more than 96 MB; the rest was not looked at."),
        N_("Open it in a mail program, save the ledgers in it and collect them from a folder."),
    ),
    "letter-senders": Fault(
        _W,
        3,
        N_("The mail names several senders, so it is nobody's."),
        N_("Look at it in a mail program before it counts."),
    ),
    "attachment-cut": Fault(
        _W,
        1,
        N_("The end of this attachment was lost on its way."),
        N_("Ask for the mail again if the file cannot be read."),
    ),
    "attachment-empty": Fault(
        _W, 1, N_("This attachment has nothing in it."), N_("Ask for the file again, if it is needed.")
    ),
    "attachment-link": Fault(
        _W,
        1,
        N_("“{name}” did not come along: the mail has only a link to it (超大附件), and the link will expire."),
        N_("Download it in a mail program now and collect the file, or ask for it as an ordinary attachment."),
    ),
    "attachment-filed": Fault(
        _N,
        6,
        N_("This is no ledger ({kind}); it was filed as {place}."),
        N_("Nothing is needed, unless the ledger itself is missing."),
    ),
    "letter-without-ledger": Fault(
        _W,
        3,
        N_("The mail from {unit} ({sender}) has no ledger in it."),
        N_("Read it in the mailbox; ask for the ledger if it was meant to come."),
    ),
    "letter-no-return": Fault(
        _N,
        6,
        N_("This mail from {sender} has nothing to do with the campaign; it was not kept."),
        N_("Nothing is needed."),
    ),
    "letter-automatic": Fault(
        _N, 6, N_("An automatic answer or a receipt from {sender}; it was passed over."), N_("Nothing is needed.")
    ),
    "mail-bounced": Fault(
        _W,
        3,
        N_("A mail to {address} ({unit}) did not arrive: {reason}"),
        N_("Ask the unit for its present address and put it into units.yaml; reach it by telephone until then."),
    ),
    "sender-unknown": Fault(
        _W,
        3,
        N_("The ledger of {unit} came from {sender}, an address that nobody in units.yaml has."),
        N_(
            "Ask the unit whether it sent this. If so, accept it with `ledgergen review accept` and add the address to"
            " units.yaml."
        ),
    ),
    "sender-mismatch": Fault(
        _W,
        3,
        N_("The ledger of {unit} came from {sender}, which belongs to {others}."),
        N_(
            "Ask both. Accept it with `ledgergen review accept`; if {others} always returns for {unit}, say so in"
            " ledgergen.yaml under mail: on_behalf."
        ),
    ),
    "sender-other-mail": Fault(
        _W,
        3,
        N_("The ledger of {unit} came from {sender} as the reply to a mail that went to {others}."),
        N_("Ask the unit whether it sent this; if so, accept it with `ledgergen review accept`."),
    ),
    "sender-forged": Fault(
        _W,
        3,
        N_("The ledger of {unit} claims to be from {sender}, and the mail server says that it is not ({reason})."),
        N_("Ask the unit by telephone whether it sent this; only then accept it with `ledgergen review accept`."),
    ),
    "sender-by-reply": Fault(
        _W,
        3,
        N_("{unit} replied to its mail from {sender}, an address that units.yaml does not have."),
        N_("Add the address to units.yaml if it is the unit's."),
    ),
    "sender-on-behalf": Fault(
        _N, 6, N_("{others} ({sender}) returned this for {unit}."), N_("Nothing is needed; ledgergen.yaml allows it.")
    ),
    "sender-unlisted": Fault(
        _N,
        6,
        N_("No unit has an address in units.yaml, so nobody asked whether {sender} may return for {unit}."),
        N_("Put the units' addresses under mail: in units.yaml, then every sender is checked."),
    ),
    "sender-suggests": Fault(
        _N,
        6,
        N_("The mail came from {sender}, which belongs to {others}."),
        N_("If it is their ledger, accept it with `ledgergen review accept` and --unit."),
    ),
    "sender-quota": Fault(
        _W,
        3,
        N_("{sender} has sent more than {limit} MB on one day; this mail was not kept."),
        N_("Look at it in a mail program; save what is wanted and collect it from a folder."),
    ),
}

CATALOGUE: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        **_SURROUNDINGS,
        **_JOURNAL,
        **_PLAN,
        **_MAILBOX,
        **_SENDING,
        **_TIME,
        **_PREFILL,
        **_LAYOUT,
        **_FORM,
        **_READING,
        **_RETURNS,
        **_LETTERS,
        **_CHECKS,
        **_REPORT,
        **_DOCUMENT,
        **_EXCHANGE,
    }
)
