"""The Credit tab of the Customer form: what it shows, as the user may see it.

grade in force + assessments + exposure and limit + holds + overrides + references -> view -> the desk
"""
