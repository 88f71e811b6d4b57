"""The forecast of cash by week."""
