"""The public page of 2,000 rows: when headless Chromium first paints it, opened from the disk.

python -m benchmarks.page
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from ledgergen.report.page import ARTICLE, INDEX, SCRIPT, STYLE, links_in, page_html
from ledgergen.resources import resource_folder

TASKS, UNITS = 40, 50
LIMIT = 1.0  # seconds
TURNS = 5
_LAMPS = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "grey": "灰灯"}


def page() -> bytes:
    """Make a page of 40 tasks × 50 units with texts as long as units write them."""
    units = [f"区第{number}局" for number in range(UNITS)]
    tasks = [_task(number, units) for number in range(1, TASKS + 1)]
    values = {
        "title": "2022年政务公开重点任务落实情况",
        "draft": "",
        "plan_title": "2022年工作方案",
        "document_number": "",
        "office": "区政府办公室",
        "as_of": "2022年10月10日",
        "counts": [],
        "units": units,
        "lights": [{"colour": colour, "name": name} for colour, name in _LAMPS.items()],
        "parts": [{"name": "工作任务", "tasks": tasks}],
        "tasks": tasks,
    }
    folder = resource_folder("templates")
    templates = {name: (folder / name).read_text(encoding="utf-8") for name in (INDEX, ARTICLE, STYLE, SCRIPT)}
    return page_html(values, templates)


def _task(number: int, units: list[str]) -> dict[str, object]:
    colour = list(_LAMPS)[number % len(_LAMPS)]
    rows = [
        {
            "unit": unit,
            "role": "责任",
            "colour": colour,
            "light": _LAMPS[colour],
            "reason": "",
            "state": "按时序推进",
            "measures": ["印发通知，督促相关科室按时公开到位"],
            "progress": f"已公开信息{number}条，召开推进会1次，已明确责任科室和专人；下一步继续推进。",
            "more": [],
            "links": links_in([f"https://www.example.invalid/zwgk/{number}.html"]),
        }
        for unit in units
    ]
    return {
        "number": str(number),
        "name": f"任务{number}",
        "requirement": "做好重点领域信息公开，按时公开政策文件、办理进展和办理结果，主动回应社会关切。",
        "division": "责任：" + "、".join(units),
        "plan": "信息形成之日起20个工作日内公开",
        "colour": colour,
        "light": _LAMPS[colour],
        "reason": "",
        "state": "",
        "rows": rows,
    }


def first_paints() -> list[float]:
    """Give the seconds until the first paint, of several openings; empty where Chromium or node is not here."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if chromium is None or node is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index.html")
        path.write_bytes(page())
        script = Path(__file__).with_suffix(".js")
        ran = subprocess.run([node, script, chromium, path, str(TURNS)], capture_output=True, check=True, timeout=300)
    return [each / 1000 for each in json.loads(ran.stdout)]


def main() -> int:
    """Print the figure; exit status 1 where the claim does not hold."""
    found = first_paints()
    if not found:
        print("chromium or node is not installed")
        return 0
    middle = statistics.median(found)
    print(f"page of {TASKS * UNITS} rows: first paint {middle:.2f} s ({min(found):.2f}–{max(found):.2f}), ≤ {LIMIT} s")
    return int(middle > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
