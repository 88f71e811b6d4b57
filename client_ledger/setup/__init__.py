"""Installing and uninstalling: custom fields, workflows, the desk, and what is made once. hooks.py points here."""
