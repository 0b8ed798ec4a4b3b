"""The calls to ServiceNow, one module per noun."""
