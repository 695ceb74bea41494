"""The reports written in Word (通报、简报、年度报告素材、名单), each from a template, as .docx, .txt and .html."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.report.docx_file import Line, fill_document, read_document
from ledgergen.report.paper_forms import as_html, as_text
from ledgergen.report.paper_values import DRAFT
from ledgergen.texts import without_controls

HTML: Final = "reports/paper.html.j2"


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of report: its template, and the name of its files without round and ending."""

    template: str
    stem: str


NOTICE, BRIEF, ANNUAL, TALK = "notice", "brief", "annual", "talk"
PAPERS: Final[Mapping[str, Paper]] = {
    NOTICE: Paper("reports/notice.docx", "通报"),
    BRIEF: Paper("reports/brief.docx", "简报"),
    ANNUAL: Paper("reports/annual.docx", "年度报告素材"),
    TALK: Paper("reports/talk.docx", "拟表扬约谈名单"),
}
ANNUAL_UNIT: Final = Paper("reports/annual_unit.docx", "年度报告素材")
UNIT_PLAN: Final = Paper("reports/unit_plan.docx", "实施方案（草稿）")
ARTICLE: Final = Paper("reports/page_article.docx", "文章")


@dataclass(frozen=True, slots=True)
class Template:
    """A template as read: its bytes, and the name that findings give it."""

    data: bytes
    name: str

    @property
    def text(self) -> str:
        """Give the text of one that is no Word file."""
        return self.data.decode("utf-8-sig", "replace")


def paper_files(
    stem: str, template: Template, html: Template | None, values: Mapping[str, object]
) -> tuple[dict[str, bytes], list[Finding]]:
    """Fill a template; give the files by name and what is to be said. Without ``html`` only the .docx is made.

    Characters that no document may hold are left out, with a finding that counts them.

    Raises:
        WrongUse: ``template-not-word``, ``template-faulty``.
    """
    clean, dropped = cleaned(values)
    filled = fill_document(template.data, clean, template.name)
    files = {f"{stem}.docx": filled.data}
    if html:
        files[f"{stem}.txt"] = as_text(filled.body)
        files[f"{stem}.html"] = as_html(filled.body, html.text, html.name)
    return files, list(said_dropped(dropped, f"{stem}.docx"))


def edited_files(stem: str, edited: Template, html: Template) -> tuple[dict[str, bytes], list[Finding]]:
    """Take a report as somebody edited it in Word: the file as it is, the other forms made of it.

    Raises:
        WrongUse: ``template-not-word``, ``template-faulty``.
    """
    body = read_document(edited.data, edited.name)
    files = {f"{stem}.docx": edited.data, f"{stem}.txt": as_text(body)}
    files[f"{stem}.html"] = as_html(body, html.text, html.name)
    marked = any(isinstance(each, Line) and each.text.strip() == DRAFT for each in body)
    return files, [finding("approved-marked", Where(edited.name), mark=DRAFT)] if marked else []


def cleaned(values: Mapping[str, object]) -> tuple[Mapping[str, object], int]:
    """Free values of what no document may hold, and count it."""
    clean, dropped = without_controls(values)
    return (clean if isinstance(clean, Mapping) else {}), dropped


def said_dropped(count: int, name: str) -> Sequence[Finding]:
    """Say that characters were left out, if any were."""
    return [finding("report-characters", Where(name), count=count)] if count else []
