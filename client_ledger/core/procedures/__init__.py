"""Procedures: what makes a new version, who has to read it, by when."""
