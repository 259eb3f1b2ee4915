"""Facts to verdict: what a shop's written policy gives a customer for one order line.

Pure: no clock (the case says as of when), no I/O after the parameters are loaded, and no words for customers: a
verdict holds codes and clause ids. What each clause says, for docs and explanations, is in the ledger.
"""

from .case import Case, Claim, Line, Order, Proof, Rma, Shop, check_events
from .clauses import Clause, default_clauses
from .codes import (
    AddressError,
    Cause,
    ClaimReason,
    NextStep,
    Outcome,
    Payer,
    Programme,
    ProofValidity,
    RemedyName,
    Standing,
    Stock,
)
from .counting import Count, Step
from .days import end_of_day, local_day, start_of_day
from .deciding import decide
from .errors import CaseError, ParameterError, PolicyError
from .explaining import Explanation, Ground, Told, explain
from .figures import ParameterName, Unit
from .loading import default_policy, load_policy
from .parameters import Overrides, Parameter, Policy
from .reading import read_case
from .text import read_json, read_text, read_yaml
from .verdict import Obligation, Pays, Period, Reason, RemedyVerdict, Verdict

__all__ = [
    "AddressError",
    "Case",
    "CaseError",
    "Cause",
    "Claim",
    "ClaimReason",
    "Clause",
    "Count",
    "Explanation",
    "Ground",
    "Line",
    "NextStep",
    "Obligation",
    "Order",
    "Outcome",
    "Overrides",
    "Parameter",
    "ParameterError",
    "ParameterName",
    "Payer",
    "Pays",
    "Period",
    "Policy",
    "PolicyError",
    "Programme",
    "Proof",
    "ProofValidity",
    "Reason",
    "RemedyName",
    "RemedyVerdict",
    "Rma",
    "Shop",
    "Standing",
    "Step",
    "Stock",
    "Told",
    "Unit",
    "Verdict",
    "check_events",
    "decide",
    "default_clauses",
    "default_policy",
    "end_of_day",
    "explain",
    "load_policy",
    "local_day",
    "read_case",
    "read_json",
    "read_text",
    "read_yaml",
    "start_of_day",
]
