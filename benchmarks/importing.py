"""Measure what an import of a Word file with 60 tasks costs, from the start of the program to its printed JSON."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from docx import Document

TASKS: Final = 60
LIMIT: Final = 2.0  # seconds of CPU, the bounded worker's included
_TURNS: Final = 5
_TITLES: Final = ("序号", "工作任务", "工作要求", "责任单位", "时限要求")
_REQUIREMENT: Final = "公布本单位承担事项的进展情况，说明增减变化的原因，附上绩效目标，随时更新，接受社会监督"


def import_seconds() -> list[float]:
    """Give the CPU seconds of several imports, each in a process of its own."""
    spent = []
    with tempfile.TemporaryDirectory() as place:
        path = write_plan(Path(place) / "plan.docx")
        for _ in range(_TURNS):
            before = _cpu_of_children()
            command = [sys.executable, "-m", "ledgergen", "import", str(path), "--json"]
            ran = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).resolve().parents[1])
            spent.append(_cpu_of_children() - before)
            assert len(json.loads(ran.stdout)["tasks"]) == TASKS
    return sorted(spent)


def write_plan(path: Path) -> Path:
    """Write a Word file with a table of 60 tasks."""
    document = Document()
    document.add_paragraph("2024年重点任务分解表")
    table = document.add_table(rows=1, cols=len(_TITLES))
    for cell, title in zip(table.rows[0].cells, _TITLES, strict=True):
        cell.text = title
    for number in range(1, TASKS + 1):
        texts = (str(number), f"任务{number}", _REQUIREMENT, "县财政局、审计局，各乡镇人民政府", "每季度末月20日前")
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(f"{statistics.median(import_seconds()):.2f} s CPU")
