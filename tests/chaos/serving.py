"""`aftercare serve`, by a supervisor that does not mind how often its parts are killed."""

import sys

from cli.serve import serve
from cli.supervisor import Patience

if __name__ == "__main__":
    sys.exit(serve(patience=Patience(to_settle=0)))
