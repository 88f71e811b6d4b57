"""Credit: how late customers pay, how they are graded for it, and whether the grade holds.

trade lines  ->  histogram (dates, cash)  ->  measures  ->  assessment by a scorecard  ->  backtest
"""
