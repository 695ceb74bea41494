"""Writing a ledger costs a third, at most, of what a template filled with openpyxl would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.soak  # the claim itself lives in benchmarks/; the suite asserts no times
def test_a_ledger_costs_a_third_of_a_template_filled_with_openpyxl() -> None:
    # In a process of its own: a coverage measurement would slow the product only.
    script = Path(__file__).with_name("write_speed.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, env=environment)
    measured = json.loads(done.stdout)
    assert measured["rows"] == 31
    assert measured["ratio"] >= 3, measured
