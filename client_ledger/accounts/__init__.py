"""Client accounts: one row per customer and company, kept in step with the ledger.

voucher -> Refresh Mark (in the voucher's own transaction) -> refresh (a job, in batches) -> store
nightly -> corrects what no voucher announced; rebuild -> rewrites everything; verify -> lists what differs
"""
