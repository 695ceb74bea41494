"""What ``import ledgergen`` offers, and that it costs nothing until it is asked for."""

import subprocess
import sys

import pytest

import ledgergen


def test_every_public_name_is_there() -> None:
    assert all(getattr(ledgergen, name) is not None for name in ledgergen.__all__)
    assert sorted(set(ledgergen.__all__) - {"__version__"}) == sorted(ledgergen._MODULES)


def test_another_name_is_none() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = ledgergen.no_such_name


@pytest.mark.parametrize("command", ["import ledgergen", "import ledgergen.cli.root", "import ledgergen.plan.load"])
def test_neither_the_reader_nor_the_calendar_is_loaded_before_it_is_asked_for(command: str) -> None:
    code = f"{command}\nimport sys\nprint([name for name in sys.modules if 'plan.limit' in name or 'chinese' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_names_work_from_outside() -> None:
    code = (
        "from datetime import date\n"
        "from ledgergen import add_workdays, due_dates, read_limit\n"
        "print(due_dates(read_limit('每季度末', 2022, None), date(2022, 9, 1), date(2022, 12, 31)))\n"
        "print(add_workdays(date(2022, 9, 30), 1))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(datetime.date(2022, 9, 30), datetime.date(2022, 12, 31))\n2022-10-08\n"
