"""The page and the workbook: blocks of the HTML page, its templates, and the sheets."""
