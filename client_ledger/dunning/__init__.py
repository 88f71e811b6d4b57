"""Dunning on the site: planned into rows first, sent from rows, never twice and never to someone who has paid.

open items + policy + what reached the customer  ->  plan (core)  ->  Ledger Notice under unique keys, committed
Ledger Notice, approved  ->  planned again from what is open now, judged (core)  ->  handed over in one transaction
handed over (Email Queue, SMS, letters, follow-ups)  ->  what became of it  ->  sent, failed, or in doubt
"""
