"""Dunning on the site: notices are planned as rows, sent by the outbox, never twice and never to someone who has paid.

open items + policy + what reached the customer  ->  plan (core)  ->  Ledger Notice under unique keys, committed
Ledger Notice, approved  ->  planned again from what is open now, decided on (core)  ->  handed over in one transaction
handed over (Email Queue, SMS, letters, follow-ups)  ->  what became of it  ->  sent, failed, or in doubt
"""
