"""Tables of assignments in pandas: the counts by state, and the matrix of tasks and units.

The only place that imports pandas, and it is itself imported when a report is made. The states come from
:mod:`ledgergen.state.progress`; nothing is judged here.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import pandas as pd

from ledgergen.state.entries import STATES
from ledgergen.state.progress import Progress


def assignment_table(found: Progress) -> pd.DataFrame:
    """Give one row per assignment with its ``task``, ``unit``, ``role`` and ``state``.

    Tasks, units and states are categories in the order of the reports, so that every table made of them keeps it and
    leaves none out.
    """
    assignments = found.assignments
    return pd.DataFrame(
        {
            "task": pd.Categorical([item.task for item in assignments], [task.task for task in found.tasks]),
            "unit": pd.Categorical([item.unit for item in assignments], [unit.unit for unit in found.units]),
            "role": pd.Categorical([str(item.role) for item in assignments]),
            "state": pd.Categorical([item.state for item in assignments], STATES),
        }
    )


def state_counts(frame: pd.DataFrame, by: Literal["task", "unit"]) -> dict[str, tuple[int, ...]]:
    """Count the assignments of each task or unit by state, in the order of ``STATES``."""
    counts = frame.groupby([by, "state"], observed=False).size().unstack("state", fill_value=0)
    return {str(key): tuple(int(count) for count in row) for key, row in zip(counts.index, counts.to_numpy(), strict=True)}


def state_matrix(frame: pd.DataFrame, units: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, str] | None]]]:
    """Give for each task, in order, what each of the ``units`` has in it: state and role, None where it has nothing."""
    cells = frame.assign(cell=list(zip(frame["state"], frame["role"], strict=True)))
    matrix = cells.pivot(index="task", columns="unit", values="cell").reindex(columns=list(units))
    for task, row in zip(matrix.index, matrix.to_numpy(), strict=True):
        yield str(task), [cell if isinstance(cell, tuple) else None for cell in row]
