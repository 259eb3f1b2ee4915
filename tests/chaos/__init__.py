"""The whole system under load, its processes killed at random: nothing may be lost, doubled or half done.

`python -m tests.chaos` (or `make chaos`) kills as often as it is told; a short run is among the tests.
"""
