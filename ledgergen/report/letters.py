"""The texts of mails: subject, plain text and HTML, from templates that an office may change.

A template's line ``主题：…`` is the subject, what follows the text. Where there is a template of the same name for HTML
and it is as much the office's own as the text is, it makes the other half of the mail; else that is made of the text,
so that the two never say different things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledgergen.errors import WrongUse
from ledgergen.findings import Where
from ledgergen.texts import render_report

SUBJECT: Final = "主题："
PLAIN_HTML: Final = "plain.html.j2"
_FRAME: Final = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>'
    "<body style=\"font-family:'Microsoft YaHei',sans-serif;font-size:15px;line-height:1.7\">\n{body}\n</body></html>\n"
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template's text, and whether it is the campaign's own."""

    text: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    """A mail in words."""

    subject: str
    text: str
    html: str


def word_mail(name: str, templates: Mapping[str, Template], values: Mapping[str, object]) -> Worded:
    """Fill the templates ``NAME.txt.j2`` and ``NAME.html.j2``.

    Raises:
        WrongUse: ``template-faulty``; ``template-no-subject``.
    """
    file = f"{name}.txt.j2"
    subject, text = _parted(render_report(templates[file].text, values, file), file)
    return Worded(subject, text, _html(name, templates, values, text))


def _parted(text: str, file: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    if not first.startswith(SUBJECT) or not first.removeprefix(SUBJECT).strip():
        raise WrongUse("template-no-subject", Where(file), mark=SUBJECT)
    return first.removeprefix(SUBJECT).strip(), _tidy(rest)


def word_text(name: str, templates: Mapping[str, Template], values: Mapping[str, object]) -> str:
    """Fill a template that is only a text, to be pasted somewhere.

    Raises:
        WrongUse: ``template-faulty``.
    """
    file = f"{name}.txt.j2"
    return _tidy(render_report(templates[file].text, values, file))


def _html(name: str, templates: Mapping[str, Template], values: Mapping[str, object], text: str) -> str:
    file, own = f"{name}.html.j2", templates[f"{name}.txt.j2"].is_own
    template = templates.get(file)
    if template is None or (own and not template.is_own):
        paragraphs = [each.split("\n") for each in text.strip().split("\n\n") if each.strip()]
        body = render_report(templates[PLAIN_HTML].text, {"paragraphs": paragraphs}, PLAIN_HTML, html=True)
    else:
        body = render_report(template.text, values, file, html=True)
    return _FRAME.format(body=body.strip())


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def day_values(day: date | None) -> dict[str, int] | None:
    """Give a day as templates use it; None where there is none."""
    if day is None or day == date.max:
        return None
    return {"year": day.year, "month": day.month, "day": day.day}
