"""Balance confirmations: customers say whether our balance is theirs, and every answer is kept as it came in.

Confirmation Round  ->  who is asked (sample)  ->  Balance Confirmation, its link and Ledger Notice, under unique keys (planning)
the outbox  ->  the letter, sent once, and reminders of those who have not answered (confirmation_notices)
the customer's page  ->  Confirmation Reply, never overwritten (replies)  ->  a ledger that came with it, read by a job (uploads)
"""
