"""Whether the site could be had back: its backups looked at every night, and restored for a trial on demand.

folder.py, places.py (what there is) -> core/backups.py (judged) -> check.py (a Backup Check, and who is told)
reading.py (a backup's SQL) -> scratch.py (a database for the trial) -> compare.py -> drill.py
"""
