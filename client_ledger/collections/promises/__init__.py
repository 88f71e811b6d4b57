"""Promises to pay on a site: taken, settled by the money that came, read by whoever asks.

a promise + receipts booked since + what its items still have open -> core outcome -> status, instalments, follow-up
"""
