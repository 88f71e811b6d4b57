"""The credit check at submit, and the queue of what it held.

document + exposure + limit + position + grade -> facts -> rules (core) -> pass, warn, or on hold
on hold: the document stays a draft, a Credit Hold stands in the queue -> released, cleared by a payment, rejected
passed: what it adds is noted for whoever is being checked at the same moment
"""
