"""The lab extension in a real browser, against a real JupyterLab with the real service."""
