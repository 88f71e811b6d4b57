"""Client accounts: one row per customer and company, kept in step with the ledger.

voucher -> stale (a mark, in the voucher's own transaction) -> refresh (a job, in batches) -> store
nightly -> corrects what no voucher announced; rebuild -> writes everything anew; verify -> lists what differs
"""
