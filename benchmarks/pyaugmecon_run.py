"""Run by another Python, which has pyaugmecon: an instance comes in as JSON, the points go out as JSON."""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
from typing import Any


def model(data: dict[str, Any]) -> Any:
    """The Pyomo model that pyaugmecon expects: binary columns, maximised objectives in `obj_list`."""
    from pyomo.environ import Binary, ConcreteModel, ConstraintList, ObjectiveList, RangeSet, Var, maximize

    built = ConcreteModel()
    built.places = RangeSet(0, len(data["c"][0]) - 1)
    built.x = Var(built.places, within=Binary)
    built.rows = ConstraintList()
    for row, limit in zip(data["a"], data["b"], strict=True):
        built.rows.add(sum(a * built.x[j] for j, a in enumerate(row)) <= limit)
    built.obj_list = ObjectiveList()
    for costs in data["c"]:
        built.obj_list.add(sum(a * built.x[j] for j, a in enumerate(costs)), sense=maximize)
    for objective in built.obj_list:
        built.obj_list[objective].deactivate()
    return built


def main() -> None:
    """Solve with its exact mode, two workers and HiGHS."""
    from pyaugmecon import PyAugmecon, PyAugmeconConfig

    multiprocessing.set_start_method("spawn", force=True)  # the method it uses for its own processes
    data = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        config = PyAugmeconConfig(
            name="run", workers=2, artifact_folder=folder, write_csv=False, progress_bar=False, log_to_console=False
        )
        result = PyAugmecon(model(data), config).solve()
    print(json.dumps([[round(v) for v in point] for point in result.points]))


if __name__ == "__main__":
    main()
