"""What clerks type: in every cell, in all spellings, over codes and the plan's texts, below the table."""

from collections.abc import Callable
from typing import Final

from client_book import DAYS, HEAD, INPUTS, NEW, TEXTS, Key, canaries, canary, filled, key_of
from client_hand import Action, Hand, Made


def fill(hand: Hand) -> Made:
    """Type into every input cell of every row, and into the head block."""
    actions: list[Action] = []
    kept = {"measure"} if any(hand.seen.text(each.row, "measure") for each in hand.seen.rows) else set()
    for number, (row, key) in enumerate(hand.seen.keyed):
        typed = filled(key, number, [column for column in INPUTS if column not in kept])
        actions += hand.type(key, row, typed)
    for item in HEAD:
        if place := hand.seen.head_place(item):
            text = canary(Key(hand.tale.owner, "head", "-"), item)
            hand.tale.head[item] = text
            actions.append(("text", *place, text))
    return actions


def save_again(hand: Hand) -> Made:
    """Open and save, nothing else."""
    del hand
    return []


def _retype(hand: Hand, way: Callable[[str], str], count: int = 12) -> Made:
    """Type texts anew in some way; the canary stays what it is."""
    actions: list[Action] = []
    for key, row in hand.some(count):
        cells = hand.tale.rows[key]
        own = [name for name in TEXTS if cells.get(name) and key_of(min(canaries(cells[name]))) == key]
        for name in own[:4]:
            actions += hand.type(key, row, {name: way(canary(key, name))})
    return actions or None


def _wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


def full_width(hand: Hand) -> Made:
    """Type digits and letters in full width, as a Chinese input method does."""
    return _retype(hand, lambda text: f"办理１２件，完成率９０％{_wide(text)}")


def line_breaks(hand: Hand) -> Made:
    """Type line breaks, tabs and blanks around and in the text."""
    return _retype(hand, lambda text: f"  一是印发通知；\n二是督促公开。\n\t{text}　 ")


def leading_signs(hand: Hand) -> Made:
    """Type texts that begin with = + - @ or an apostrophe."""
    signs = ["=", "+", "-", "@", "'", "=HYPERLINK("]
    return _retype(hand, lambda text: f"{hand.chance.choice(signs)}{text}")


def rare_characters(hand: Hand) -> Made:
    """Type rare characters, emoji, quotes and marks that mean something to XML."""
    return _retype(hand, lambda text: f"“𠮷”＆<b>&amp;😀_x000D_{text}\u200b“”")


def long_texts(hand: Hand) -> Made:
    """Type texts of a page."""
    return _retype(hand, lambda text: "六月二十日召开专题会议研究部署。" * 60 + text, 3)


SPELLINGS: Final[tuple[Callable[[int, int], str], ...]] = (
    lambda month, day: f"2022年{month}月{day}日",
    lambda month, day: f"2022.{month}.{day}",
    lambda month, day: f"2022/{month}/{day}",
    lambda month, day: f"{month}月{day}日",
    lambda month, day: f"2022{month:02}{day:02}",
    lambda month, day: f"2022-{month}-{day}",
    lambda month, day: _wide(f"2022-{month:02}-{day:02}"),
    lambda month, day: f"22.{month}.{day}",
    lambda month, day: f"2022年{month:02}月{day:02}日（已公开）".removesuffix("（已公开）") + " 08:15",
    lambda month, day: f"{month}/{day}",
)


def spell_days(hand: Hand) -> Made:
    """Type days in ten spellings, as text."""
    actions: list[Action] = []
    spelt = 0
    for key, row in sorted(hand.rows.items(), key=lambda item: item[1]):
        for column in DAYS:
            day, place = hand.tale.rows[key].get(column, ""), hand.seen.columns.get(column)
            if place is not None and len(day) == len("2022-01-03"):
                month, number = int(day[5:7]), int(day[8:])
                actions.append(("pasted", row, place, SPELLINGS[spelt % len(SPELLINGS)](month, number)))
                spelt += 1
    return actions or None


def percent(hand: Hand) -> Made:
    """Type shares: 100 % for done, as a number in a cell of percentages, and as text."""
    place = hand.column("status")
    if place is None:
        return None
    actions: list[Action] = []
    for number, (key, row) in enumerate(hand.some(8)):
        hand.tale.rows[key]["status"] = "已完成" if number % 2 else ""
        actions.append(("percent", row, place, 1.0) if number % 2 else ("text", row, place, "80%"))
    return actions


def ticks(hand: Hand) -> Made:
    """Tick what is done."""
    place = hand.column("status")
    if place is None:
        return None
    actions: list[Action] = []
    for key, row in hand.some(10):
        hand.tale.rows[key]["status"] = "已完成"
        actions.append(("text", row, place, hand.chance.choice(["√", "✓", "100%", "办结", "已完成。"])))
    return actions


def free_answers(hand: Hand) -> Made:
    """Write sentences into the cells of days and choices."""
    actions: list[Action] = []
    for key, row in hand.some(8):
        for column in ("status", *DAYS):
            place, text = hand.column(column), f"详见附件{canary(key, column)}"
            if place is not None:
                hand.tale.rows[key][column] = text
                actions.append(("text", row, place, text))
    return actions or None


def numbers(hand: Hand) -> Made:
    """Type numbers where texts are wanted, and turn some back into text."""
    place = hand.column("evidence", "office")
    name = "evidence" if "evidence" in hand.seen.columns else "office"
    if place is None:
        return None
    actions: list[Action] = []
    for number, (key, row) in enumerate(hand.some(8)):
        value = 5_338_800_000 + row * 100 + number
        hand.tale.rows[key][name] = str(value)
        actions.append(("number", row, place, value))
        if number % 2:
            actions.append(("text", row, place, str(value)))
    return actions


def fill_down(hand: Hand) -> Made:
    """Fill one text down a column over all rows."""
    name = hand.chance.choice([name for name in ("leader", "office", "evidence") if name in hand.seen.columns] or ["-"])
    place = hand.column(name)
    if place is None:
        return None
    text = hand.seen.text(hand.seen.first, name)
    for _, key in hand.seen.keyed:
        if key in hand.tale.rows:
            hand.tale.rows[key][name] = text
    return [("fill_down", hand.seen.first, hand.seen.last, place)]


def fill_down_requirement(hand: Hand) -> Made:
    """Fill the first requirement down over all rows by mistake: the codes know better."""
    place = hand.column("requirement")
    return (
        None
        if place is None or "code" not in hand.seen.columns
        else [("fill_down", hand.seen.first, hand.seen.last, place)]
    )


def replace_all(hand: Hand) -> Made:
    """Replace a word everywhere, in the prefilled texts too."""
    del hand
    return [("replace", "公开", "公示")]


def shorten(hand: Hand) -> Made:
    """Cut the requirements short, to make room."""
    place = hand.column("requirement")
    if place is None:
        return None
    texts = ((row, hand.seen.text(row, "requirement")) for row, _ in hand.seen.keyed)
    return [("text", row, place, f"{text[:12]}……") for row, text in texts if len(text) > 20] or None


def clear_cells(hand: Hand) -> Made:
    """Clear what was typed in some cells."""
    place = hand.column("progress")
    if place is None:
        return None
    actions: list[Action] = []
    for key, row in hand.some(4):
        hand.tale.rows[key].pop("progress", None)
        actions.append(("clear", row, place, row, place))
    return actions


def note_below(hand: Hand) -> Made:
    """Write a note below the table."""
    text = canary(Key(hand.tale.owner, "外", "注"), "below")
    hand.tale.outside.add(text)
    return [("text", hand.seen.last + 2, hand.chance.choice([0, 3]), f"注：{text}")]


def sum_below(hand: Hand) -> Made:
    """Write a total below the table."""
    return [("text", hand.seen.last + 1, 0, "合计"), ("number", hand.seen.last + 1, 3, len(hand.seen.rows))]


def clear_codes(hand: Hand) -> Made:
    """Clear the codes that one sees."""
    code = hand.column("code")
    return None if code is None else [("clear", hand.seen.first, code, hand.seen.last, code)]


def clear_both_codes(hand: Hand) -> Made:
    """Clear both columns of codes."""
    code, second = hand.column("code"), hand.column("second")
    if code is None or second is None or hand.tale.needs_codes:
        return None
    places = (code, second)
    return [("clear", hand.seen.first, place, hand.seen.last, place) for place in places]


def retype_codes(hand: Hand) -> Made:
    """Type the codes anew: in small letters, in full width, with blanks and other dashes."""
    code = hand.column("code")
    if code is None:
        return None
    ways: tuple[Callable[[str], str], ...] = (str.lower, _wide, lambda text: f" {text} ", _dashed)
    actions: list[Action] = []
    for number, (row, _) in enumerate(hand.seen.keyed):
        if text := hand.seen.text(row, "code"):
            actions.append(("text", row, code, ways[number % len(ways)](text)))
    return actions or None


def _dashed(text: str) -> str:
    return text.replace("-", "–").replace("0", "O").replace("1", "l")


PLAN_TEXTS: Final = ("task", "requirement", "time_limit")


def swap_texts(hand: Hand) -> Made:
    """Exchange what the plan says between two rows; what the unit wrote stays where it was."""
    chosen = hand.some(2)
    if len(chosen) < 2 or not {"task", "requirement"} <= hand.seen.columns.keys() or not hand.coded:
        return None
    (one, above), (two, below) = chosen
    if one.task == two.task:
        return None
    hand.tale.needs_codes = True
    actions: list[Action] = []
    for name in PLAN_TEXTS:
        if (place := hand.column(name)) is not None:
            actions += [
                ("text", above, place, hand.seen.text(below, name)),
                ("text", below, place, hand.seen.text(above, name)),
            ]
    return actions


def exchange_measures(hand: Hand) -> Made:
    """Exchange the measures of two rows."""
    chosen = hand.some(2)
    place = hand.column("measure")
    if place is None or len(chosen) < 2:
        return None
    (one, above), (two, below) = chosen
    texts = [hand.seen.text(row, "measure") for row in (above, below)]
    if not all(texts):
        return None
    if not hand.coded:  # then a row is known by its measure, and one that is exchanged is a new one of its task
        for key in (one, two):
            hand.tale.may[key] = hand.tale.places(key) | {(key.task, NEW)}
    first, second = (hand.tale.rows[key].get("measure") for key in (one, two))
    for key, text in ((one, second), (two, first)):
        if text is not None:
            hand.tale.rows[key]["measure"] = text
    return [("text", above, place, texts[1]), ("text", below, place, texts[0])]
