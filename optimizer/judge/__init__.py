"""The judge: what a package does, computed from the data alone. It shares nothing with the solver's formulation."""
