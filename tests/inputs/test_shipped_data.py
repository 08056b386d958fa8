"""The shipped data are whole, clean and reachable by name, from a checkout and from a wheel."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from optimizer.inputs import case_names, check, data_folder, load_case, load_catalog, load_watchlist
from optimizer.inputs.dictionary import data_dictionary
from optimizer.inputs.tables import TABLES

from .helpers import rows_of

ROOT = Path(__file__).parents[2]


def test_shipped_data_have_no_faults():
    report = check()
    assert not report.faults
    assert len(report.files) == 18 + 23 + 1


def test_everything_is_there():
    catalog = load_catalog()
    tables = (catalog.instruments, catalog.partners, catalog.fits, catalog.synergies, catalog.rules)
    assert [len(table) for table in tables] == [75, 24, 476, 55, 55]
    assert (len(catalog.leverage), len(catalog.parameters), len(catalog.sources)) == (
        48,
        99 + len(rows_of("planning")),
        125,
    )
    assert (len(catalog.branch_defaults), len(catalog.will_force), len(case_names())) == (12, 165, 23)


def test_values_reach_their_fields():
    catalog = load_catalog()
    tool = catalog.instruments["security_guarantees"]
    assert tool.mode == "promise"
    assert tool.requires[0] == ("high_level_mediation",)
    assert "robust_peacekeeping" in tool.requires[1]
    assert tool.cost_musd.mid == 20
    assert catalog.instruments["coercive_air_campaign"].intrusion.mid == 1
    assert catalog.fits["eu", "arms_embargo"].fit == 0.7
    assert catalog.fits["eu", "arms_embargo"].basis == "exception"
    assert catalog.value("cap_words_group") == 0.25
    assert catalog.value("branch_day") == 60
    assert catalog.branch_defaults["new_elite", "volcanic"].p_escalates.mid == 0.35
    assert catalog.partner_scope == {"un_pko": ("presence", "monitor")}
    assert catalog.leverage[0].instrument is None


def test_parameters_that_share_a_name_carry_their_section():
    parameters = load_catalog().parameters
    assert "or_autocracy" in parameters
    assert "or_exclusionary_ideology" not in parameters
    assert parameters["own_reestimate_all.or_exclusionary_ideology"].mid == 1.51
    assert parameters["harff2003.or_exclusionary_ideology"].low is None


@pytest.mark.parametrize("name", case_names())
def test_every_case_loads(name):
    case = load_case(name)
    assert case.id == name
    assert len(case.tempo.hazard_profile) == case.horizon_months
    assert (case.outcome is not None) == (case.kind == "historical")


def test_will_to_use_force_is_joined():
    wills = {partner.partner: partner.will_force for partner in load_case("kosovo_1998").partners}
    assert wills["nato"] == load_catalog().will_force["kosovo_1998", "nato"]
    assert None in wills.values()


def test_watchlist():
    watchlist = load_watchlist()
    assert len(watchlist.cases) == 9
    assert watchlist.shared_partners[0].partner == "african_union"


def test_cases_are_hashable_and_fingerprints_stable():
    first, again = load_case("kenya_2007"), load_case("kenya_2007")
    assert hash(first) == hash(again)
    assert len({load_case(name).fingerprint for name in case_names()}) == 23
    assert re.fullmatch(r"[0-9a-f]{64}", load_catalog().fingerprint)


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.folder == "catalog"])
def test_readme_counts_rows(table):
    text = (data_folder("catalog") / "README.md").read_text(encoding="utf-8")
    counted = re.search(rf"\| {table.file} \| (\d*) ?\|", text)
    assert counted
    assert counted[1] in ("", str(len(rows_of(table.name))))


def test_no_machine_path_in_the_data():
    for folder in ("catalog", "cases"):
        for path in (ROOT / folder).iterdir():
            assert not re.search(r"(?<![\w.])/(work|tmp|home|root|opt|mnt)/", path.read_text(encoding="utf-8")), path


def test_dictionary_is_up_to_date():
    assert (ROOT / "docs" / "data.md").read_text(encoding="utf-8") == data_dictionary()


def test_import_is_light():
    heavy = "{'pandas', 'openpyxl', 'streamlit', 'altair', 'pymoo'}"
    code = f"import sys, optimizer.inputs; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_wheel_carries_the_data_and_reads_them(tmp_path):
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    code = "from optimizer.inputs import *; print(len(case_names()), load_catalog().fingerprint, data_folder('cases'))"
    installed = tmp_path / "installed"
    run = subprocess.run([sys.executable, "-c", code], cwd=installed, capture_output=True, text=True, check=True)
    count, fingerprint, folder = run.stdout.split()
    assert (count, fingerprint) == ("23", load_catalog().fingerprint)
    assert "_data" in folder
