"""Facts to verdict: what a shop's written policy gives a customer for one order line.

Pure: no clock (the case says as of when), no I/O after the parameters are loaded, and no words: codes and
clause ids only.
"""

from .case import Case, Claim, Line, Order, Proof, Rma, Shop, check_events
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
from .days import end_of_day, local_day, start_of_day
from .deciding import decide
from .errors import CaseError, ParameterError, PolicyError
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
    "Line",
    "NextStep",
    "Obligation",
    "Order",
    "Outcome",
    "Overrides",
    "Parameter",
    "ParameterError",
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
    "Stock",
    "Verdict",
    "check_events",
    "decide",
    "default_policy",
    "end_of_day",
    "load_policy",
    "local_day",
    "read_case",
    "read_json",
    "read_text",
    "read_yaml",
    "start_of_day",
]
