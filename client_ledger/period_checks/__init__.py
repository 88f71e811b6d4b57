"""Period checks: the monthly, quarterly and yearly check list of a company's receivables.

made when a period has ended -> figures read from the ledgers -> exceptions explained -> prepared by one, approved by another -> kept
"""
