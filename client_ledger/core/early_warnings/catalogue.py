"""All signals, customers' first."""

from client_ledger.core.early_warnings.company_signals import COMPANY_SIGNALS
from client_ledger.core.early_warnings.customer_signals import PAYING
from client_ledger.core.early_warnings.signals import Signal
from client_ledger.core.early_warnings.trade_signals import TRADING

CUSTOMER_SIGNALS: tuple[Signal, ...] = (*PAYING, *TRADING)
SIGNALS: tuple[Signal, ...] = (*CUSTOMER_SIGNALS, *COMPANY_SIGNALS)
BY_CODE = {one.code: one for one in SIGNALS}
