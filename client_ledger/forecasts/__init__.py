"""Cash by week on the site: every Monday's forecast is made, kept as it was, and held against what came.

lines + parts, open items, promises, orders, recurring invoices -> items -> core.forecast -> Cash Forecast
Cash Forecast + what came -> the record -> the next forecast, the page
"""
