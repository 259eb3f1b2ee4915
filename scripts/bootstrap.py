"""Sets everything up that a goal needs, and nothing twice: python3 scripts/bootstrap.py GOAL

Goals: env (both Python environments), encoder, train, test, chat. Standard library only; any python3 from
3.8 on runs it, and an older one is told so: hence nothing here that such a one could not read.
"""

import os
import sys

OLDEST = (3, 8)

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.stderr.write("Setting up needs python3 3.8 or newer; this one is %s.\n" % sys.version.split()[0])  # noqa: UP031
        sys.exit(1)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from setup.main import main

    sys.exit(main(sys.argv[1:]))
