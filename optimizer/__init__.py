"""Ohrid: packages of preventive measures, and a bound on what better ones could gain."""
