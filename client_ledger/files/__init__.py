"""Files that people hand in or take away: read as rows of text, written as workbooks. No Frappe, no database."""
