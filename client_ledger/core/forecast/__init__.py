"""Cash by week: what items bring, how sure that is, what would be if, and how past forecasts did."""
