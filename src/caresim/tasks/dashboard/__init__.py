"""The dashboard: a crisis as it unfolds, one staffing model or two side by side, on a page in the browser."""
