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
    counts = pd.crosstab(frame[by], frame["state"], dropna=False).reindex(columns=list(STATES), fill_value=0)
    return {str(key): tuple(map(int, row)) for key, row in zip(counts.index, counts.to_numpy(), strict=True)}


def state_matrix(frame: pd.DataFrame, units: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, str] | None]]]:
    """Give for each task, in order, what each of the ``units`` has in it: state and role, None where it has nothing."""
    own = frame[frame["unit"].isin(units)]
    states, roles = (
        pd.crosstab(own["task"], own["unit"], values=own[name].astype(object), aggfunc="first", dropna=False)
        .reindex(index=frame["task"].cat.categories, columns=list(units))
        .fillna("")
        for name in ("state", "role")
    )
    for task, row, held in zip(states.index, states.to_numpy(), roles.to_numpy(), strict=True):
        yield str(task), [(state, role) if state else None for state, role in zip(row, held, strict=True)]
