"""Exposure and limits on the site.

ledger + unbilled orders and deliveries of all who share a limit -> exposure
Credit Limit, ERPNext's own limits, Credit Reference -> the limit in force
approved Credit Limit -> ERPNext's own row (permanent), or in its place for a while (temporary)
"""
