"""What was really done in the historical cases, put through the model: `python -m benchmarks.actual`."""

from __future__ import annotations

from optimizer import case_names, load_case
from optimizer.replay import actual


def main() -> None:
    print("| case | baseline | projected | fall | outcome | required rules broken |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in case_names():
        case = load_case(name)
        if case.outcome is not None:
            option = actual(case).option
            e = option.evaluation
            broken = " ".join(r.id for r in option.rules if not r.kept and r.state == "required")
            fall = 1 - e.risk / e.baseline
            print(
                f"| {name} | {e.baseline:.3f} | {e.risk:.3f} | {fall:.1%} | {case.outcome.outcome_class} | {broken} |"
            )


if __name__ == "__main__":
    main()
