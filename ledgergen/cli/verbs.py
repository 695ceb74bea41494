"""The verbs: in the order of the work, where each is, and what it is for. The help is made of these words alone."""

from typing import Final, NamedTuple

from ledgergen.messages import gettext as _


class Verb(NamedTuple):
    """A verb: the module of :mod:`ledgergen.cli` that has it, what it is for, and its function if that is no namesake.

    A module is imported only when one of its verbs is asked for: the help must be quick.
    """

    module: str
    help: str
    function: str = ""


VERBS: Final = {
    "new": Verb("starting", _("Begin a campaign in a new folder, or from an example.")),
    "demo": Verb("starting", _("Show the whole round on an example: ledgers out and back.")),
    "import": Verb(
        "importing",
        _(
            "Read a policy document (.docx, .pdf, .html, .xlsx, .txt, .doc) into plan.yaml and units.yaml: into the"
            " campaign one stands in, or with --into; else the draft is printed. What was edited since is kept."
        ),
        "import_document",
    ),
    "suggest": Verb(
        "suggesting",
        _(
            "Propose units for the tasks that name nobody: by their words, by the duties of units, by other campaigns."
            " Nothing is written but what you --accept, or decide in the workbook of --export and give to --apply."
        ),
    ),
    "links": Verb(
        "linking",
        _(
            "Show how the superior's plan is taken over, as `import DOC --beside` found it; --export writes a workbook"
            " to correct it in, --apply reads that back."
        ),
    ),
    "plan": Verb("plan", _("Edit plan and units as a workbook; ask the units' opinions.")),
    "check": Verb("planning", _("Check the campaign's files: every fault, its place, a remedy.")),
    "deadlines": Verb("planning", _("Show how each time limit is read, and when it falls due.")),
    "schema": Verb("planning", _("Print the JSON Schemas of the campaign's files, for editors.")),
    "layout": Verb("layout", _("See, check and copy the layouts of ledgers.")),
    "prefill": Verb("prefill", _("Fill in for the units what the office knows, as a workbook.")),
    "generate": Verb("issuing", _("Make one ledger per unit for a round, into ledgers/ROUND/.")),
    "send": Verb("sending", _("Send every unit its ledger of a round, or prepare it for OA, chat and mail programs.")),
    "mailbox": Verb("mailbox", _("Set up the mailboxes that returns come to, and try them.")),
    "collect": Verb("collecting", _("Collect returned ledgers from files, folders, or inbox/.")),
    "review": Verb("judging", _("List files that wait for a decision; accept or reject them.")),
    "resolve": Verb(
        "judging", _("List cells to which returns gave several values, or choose what stands in one of them.")
    ),
    "withdraw": Verb("judging", _("Withdraw a return, as if it had never come; `undo` brings it back.")),
    "answer": Verb(
        "answering", _("Write the answers to units that have returned, a kick-back or a receipt; --send sends them.")
    ),
    "remind": Verb("chasing", _("Remind every unit of what it owes, one mail each; or list whom to ring up.")),
    "merge": Verb("reporting", _("Write the status workbook of a round into reports/.")),
    "status": Verb("reporting", _("Tell how a round stands: lights, tasks, units, what is overdue, who is missing.")),
    "show": Verb("reporting", _("Show what stands in every row, its light, and where each value is from.")),
    "report": Verb(
        "report", _("Write what leaders, units and the public read: summaries, notices, the public page; approve it.")
    ),
    "log": Verb("journalling", _("List what was done, the newest last.")),
    "undo": Verb("journalling", _("Undo an event, the last one if none is named.")),
    "rebuild": Verb("journalling", _("Build the index anew from the journal.")),
    "verify": Verb("journalling", _("Check that all events and originals are there and unaltered.")),
}
