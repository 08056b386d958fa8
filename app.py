"""The planner's page, for `streamlit run app.py`; `ohrid app` and `make app` start the same script with safe settings."""

import runpy

runpy.run_module("optimizer.pages.main", run_name="__main__")
