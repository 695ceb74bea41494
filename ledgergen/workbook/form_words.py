"""The words by which the columns and labels of an office's own form are known (``templates/forms/words.yaml``)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergen.findings import Finding
from ledgergen.plan.schema import shaped
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.schema import FormWordsShape

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|【[^【】]*】")
_NEAR: Final = 70  # of 100: 完成时间 and 完成时限 have 75, 责任人 and 责任单位 57
_LEAST_INSIDE: Final = 3  # characters: a word that short stands inside many a title


@dataclass(frozen=True, slots=True)
class FormWords:
    """Ids by normalised words: of columns, of labels; and the words with which a row below the table begins."""

    columns: Mapping[str, str]
    labels: Mapping[str, str]
    foot: tuple[str, ...]

    def column(self, title: str) -> str:
        """Give the id of the column that a title names for sure; empty where none."""
        return next((self.columns[each] for each in _spellings(title) if each in self.columns), "")

    def label(self, text: str) -> str:
        """Give the id of the item that a label names for sure; empty where none."""
        return next((self.labels[each] for each in _spellings(text.rstrip(":：")) if each in self.labels), "")

    def near(self, title: str, taken: Collection[str]) -> tuple[str, ...]:
        """Give the ids of columns that a title may name, the likeliest first; only ever to be proposed."""
        from rapidfuzz import fuzz

        wanted = _spellings(title)[-1]
        likeness: dict[str, float] = {}
        for word, column_id in self.columns.items():
            if column_id not in taken:
                inside = len(word) >= _LEAST_INSIDE and word in wanted
                alike = 100.0 if inside else fuzz.ratio(wanted, word)
                likeness[column_id] = max(alike, likeness.get(column_id, 0.0))
        return tuple(sorted((each for each in likeness if likeness[each] >= _NEAR), key=lambda each: -likeness[each]))

    def begins_foot(self, text: str) -> bool:
        """Tell whether a row that begins with this text is a note below the table."""
        plain = normalised(text)
        return plain in self.foot or any(re.match(re.escape(word) + r"\d*[:.、]", plain) for word in self.foot)


def load_form_words(data: bytes, file: str) -> tuple[FormWords | None, list[Finding]]:
    """Load the words from their file; a word that is there twice counts for the first."""
    document, findings = read_yaml(data, file)
    if document is None:
        return None, findings
    shape, findings = shaped(FormWordsShape, document)
    if shape is None:
        return None, findings
    foot = tuple(normalised(word) for word in shape.foot)
    return FormWords(_by_word(shape.columns), _by_word(shape.labels), foot), []


def _by_word(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item_id, spellings in words.items():
        for word in spellings:
            found.setdefault(normalised(word), item_id)
    return found


def _spellings(title: str) -> tuple[str, ...]:
    """Give a title as it is compared: whole, and without what stands in brackets."""
    whole = normalised(title)
    return whole, _BRACKETS.sub("", whole) or whole
