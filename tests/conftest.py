"""No test meets a front that an earlier run kept."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OHRID_CACHE", str(tmp_path / "ohrid-cache"))
