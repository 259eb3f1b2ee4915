"""Starts a program that ends with whoever started it: tether.py PARENT PROGRAM ARGUMENT…

On Linux the kernel kills the program when the parent dies, however that happens, SIGKILL included; elsewhere
it just runs. A file of its own, run before anything of ours is imported: what it sets survives the exec.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Becomes the program; 127 when there is no such program."""
    parent, program = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # It may have died before the line above.
        if os.getppid() != parent:
            sys.exit(1)
    try:
        os.execvp(program[0], program)  # noqa: S606 - becoming another program is its purpose
    except OSError as problem:
        sys.stderr.write(f"{program[0]} could not be started: {problem.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
