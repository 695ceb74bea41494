"""Placeholders in a Word document: its text as one Jinja template, with marks that tell where each piece came from.

An office edits the templates of its reports in Word, and Word splits a text into runs wherever it likes: at a spelling
mark, after each change of the keyboard. So the pieces of a placeholder are first put together again (:func:`joined`),
then the texts of all paragraphs and table rows are rendered at once, so that a loop may go round paragraphs or rows:

- a paragraph that holds nothing but ``{% … %}`` is an instruction and leaves no paragraph behind;
- a table row that holds nothing but ``{% … %}`` likewise, so that the rows between two of them are repeated.

The marks are control characters, which no text of a document may hold; values are freed of them before
(:func:`.texts.without_controls`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

BLOCK: Final = "\x01"
PIECE: Final = "\x02"
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ONLY_TAGS: Final = re.compile(r"\s*(?:\{%.*?%\}\s*|\{#.*?#\}\s*)+", re.DOTALL)
_QUOTES: Final = str.maketrans("“”‘’", "\"\"''")  # Word makes them of straight ones while one types


class Marked(NamedTuple):
    """A piece of the rendered text: the kind and the number of its block, and its runs' texts by their numbers."""

    kind: str
    number: int
    texts: dict[int, str]


def joined(texts: Sequence[str]) -> list[str]:
    """Move each placeholder as a whole into the run in which it begins; the others lose their parts of it."""
    whole = "".join(texts)
    owners = [index for index, text in enumerate(texts) for _ in text]
    for found in _TAG.finditer(whole):
        owners[found.start() : found.end()] = [owners[found.start()]] * (found.end() - found.start())
    pieces = [""] * len(texts)
    for owner, letter in zip(owners, whole, strict=True):
        pieces[owner] += letter
    return [_TAG.sub(lambda found: found[0].translate(_QUOTES), piece) for piece in pieces]


def is_instruction(text: str) -> bool:
    """Tell whether a paragraph or row holds instructions and nothing else."""
    return bool(_ONLY_TAGS.fullmatch(text))


def instruction(text: str) -> str:
    """Give an instruction as it stands in the template: straight quotes, no line of its own."""
    return text.translate(_QUOTES).strip()


def marked(kind: str, number: int, texts: Sequence[str]) -> str:
    """Give the text of a block with its marks."""
    pieces = "".join(f"{PIECE}{index}{PIECE}{text}" for index, text in enumerate(texts) if text)
    return f"{BLOCK}{kind}{number}{pieces}"


def unmarked(rendered: str) -> Iterator[Marked]:
    """Find the blocks again in what was rendered, in their order; what stands outside of all is dropped."""
    for part in rendered.split(BLOCK)[1:]:
        name, *pieces = part.split(PIECE)
        texts: dict[int, str] = {}
        for number, text in zip(pieces[::2], pieces[1::2], strict=True):
            texts[int(number)] = texts.get(int(number), "") + text  # a loop within a line gives a run several times
        yield Marked(name[0], int(name[1:]), texts)
