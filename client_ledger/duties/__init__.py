"""Duties kept apart: who could do both, who did both, who has accepted it, and the warning when a change of rights makes it so.

Rights are read for all users at once (`site_rights.py`); the rules are in core/duties.
"""
