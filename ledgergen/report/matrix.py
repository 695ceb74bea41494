"""Tasks × units (任务×单位): a sign for each assignment's state, coloured, with the legend above."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ledgergen.records import Role
from ledgergen.report import tables
from ledgergen.report.formats import sign_format
from ledgergen.report.tablesheet import HEADER_ROW, ReportBook, write_top
from ledgergen.report.wording import DONE_IN_FULL, SIGNS
from ledgergen.state.entries import DONE
from ledgergen.state.progress import Progress, TaskProgress
from ledgergen.workbook import limits, look
from ledgergen.workbook.sheets import Area, Page, SheetWriter

