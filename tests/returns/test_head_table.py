"""What stands above a table keeps its owner: a value is never taken for its neighbour's, whatever became of columns."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builders import LAYOUT, book, sheet_of, workbook
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Parcel
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.workbook.form import form_of
from ledgergen.workbook.layout import HeadItem, Layout

ASKED = ("filled_by", "phone", "reviewer")
HEAD = replace(
    LAYOUT,
    head=(
        LAYOUT.head[0],
        (
            HeadItem("filled_by", "填报人", is_input=True),
            HeadItem("phone", "电话", is_input=True),
            HeadItem("reviewer", "审核人", is_input=True),
        ),
    ),
)
ROW, TITLES = 3, 5  # of the items, of the column titles
ALL = {"filled_by": "王某", "phone": "5330000", "reviewer": "赵某"}


def lines_of(typed: dict[str, str], *, repeated: bool, layout: Layout = HEAD) -> list[list[str]]:
    """Lay a ledger out; of merged cells the first holds the text, or all of them as some programs write a CSV."""
    lines = sheet_of(BOOK)
    line = [""] * len(lines[TITLES])
    for item, label, value in form_of(layout).head[1]:
        for area, text in ((label, item.label), (value, typed[item.id])):
            for column in range(area.left, (area.right if repeated else area.left) + 1):
                line[column] = text
    lines[ROW] = line
    lines = [[*each, *[""] * (len(line) - len(each))] for each in lines]
    lines[TITLES + 1][[column.id for column in LAYOUT.columns].index("progress")] = "已公开"
    return lines


BOOK = book()


def accepted(lines: Sequence[Sequence[str]], layout: Layout = HEAD) -> Parcel:
    arrival = Arrival("ab" * 32, "区财政局.csv", "2022-07-01T00:00:00+00:00")
    shelf = Shelf.of([Issued(BOOK, layout, "0" * 64, "a.xlsx", "2022-06-15T00:00:00+00:00")])
    return accept(workbook(lines), [], arrival, shelf, {})


def taken(parcel: Parcel) -> dict[str, str]:
    (returned,) = parcel.returns
    return {item: decision.text for item, decision in returned.head.items()}


def quoted(parcel: Parcel) -> str:
    return "\n".join(str(found.facts.get("text", "")) for found in parcel.findings)


def test_as_issued_each_value_is_its_labels() -> None:
    assert taken(accepted(lines_of(ALL, repeated=False))) == ALL
    assert taken(accepted(lines_of(ALL, repeated=True))) == ALL


def test_a_column_of_ones_own_leaves_the_values_where_they_are() -> None:
    lines = [["", *line] for line in lines_of(ALL, repeated=False)]
    assert taken(accepted(lines)) == ALL


def test_where_a_label_is_gone_its_value_is_not_its_neighbours() -> None:
    lines = lines_of({**ALL, "filled_by": ""}, repeated=False)
    lines[ROW][lines[ROW].index("电话")] = ""
    parcel = accepted(lines)
    assert taken(parcel) == {"reviewer": "赵某"}
    assert "5330000" in quoted(parcel)


def test_labels_that_changed_places_say_nothing_of_what_stands_beside_them() -> None:
    lines = lines_of(ALL, repeated=False)
    one, two = lines[ROW].index("电话"), lines[ROW].index("审核人")
    lines[ROW][one], lines[ROW][two] = "审核人", "电话"
    parcel = accepted(lines)
    assert taken(parcel) == {"filled_by": "王某"}
    assert "5330000" in quoted(parcel)
    assert "赵某" in quoted(parcel)


def test_in_an_own_form_nothing_is_taken_where_columns_were_moved() -> None:
    own = replace(HEAD, letterhead=("填报表",))
    lines = lines_of(ALL, repeated=False)
    assert taken(accepted(lines, own)) == ALL
    parcel = accepted([[*line[:1], *line[5:7], *line[1:5], *line[7:]] for line in lines], own)
    assert taken(parcel) == {}
    assert all(text in quoted(parcel) for text in ALL.values())


@given(st.data())
def test_no_value_is_taken_for_anothers_wherever_columns_go(data: st.DataObject) -> None:
    """A canary in each item; columns are moved and deleted with all that stands in them."""
    given_texts = {item: data.draw(st.sampled_from(["", f"〔{item}〕"]), item) for item in ASKED}
    lines = lines_of(given_texts, repeated=data.draw(st.booleans()))
    for _ in range(data.draw(st.integers(1, 2))):
        source = data.draw(st.integers(0, len(lines[0]) - 1))
        cut = [[*line[:source], *line[source + 1 :]] for line in lines]
        target = data.draw(st.none() | st.integers(0, len(cut[0])))
        if target is None:
            lines = cut
        else:
            lines = [[*short[:target], line[source], *short[target:]] for short, line in zip(cut, lines, strict=True)]
    parcel = accepted(lines)
    for returned in parcel.returns:
        for item, decision in returned.head.items():
            assert decision.text in ("", given_texts[item])
        kept = {decision.text for decision in returned.head.values()}
        there = {text for text in given_texts.values() if text and text in lines[ROW]}
        assert all(text in kept or text in quoted(parcel) for text in there)
