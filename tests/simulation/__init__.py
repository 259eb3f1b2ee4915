"""Simulated customers: random matters, told by people of every temper, judged against the policy itself.

`python -m tests.simulation` (or `make simulate`) sends as many as it is told; a few are among the tests.
"""
