"""Duties that one person shall not have both of: effective rights, who could do both, who did both, mitigation."""
