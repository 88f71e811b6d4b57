"""The home page: what is owed and what to do about it, of one company or of all that the user may see, in one answer.

Each capability says what waits for a person in it (its `waiting.py`), accounts add up; this puts them together.
"""
