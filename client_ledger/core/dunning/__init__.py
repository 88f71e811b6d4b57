"""Dunning: which customer is written to, about what, when, and why not.

open items + levels that reached the customer + policy  ->  plan (one notice per customer and day)
notice + what is known when it is about to go out        ->  verdict (send, defer until, skip, each with its reason)
policy + a history of what was open when                 ->  replay (what it would have sent)
"""
