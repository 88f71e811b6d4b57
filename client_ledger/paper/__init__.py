"""Statements on paper: figures and a language become an HTML page, a PDF or a workbook. Knows neither a site nor a bench."""
