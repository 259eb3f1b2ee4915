"""`python -m cli`: the same as `aftercare`."""

from .main import main

main()
