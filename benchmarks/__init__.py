"""Benchmarks of the front engine beside other ways to get a front: `python -m benchmarks`."""
