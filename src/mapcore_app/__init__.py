"""The dashboard's parts: Streamlit lives here and in `dashboard.py`, never in `mapcore`."""
