"""The floor: what Streamlit needs to answer a click when the app does nothing."""

import streamlit as st

chosen = st.pills("Proposal", ["us-28-point", "russia-claim", "ukraine-1991", "line-as-is"], key="proposal")
st.html(f'<p id="answer">{chosen}</p>')
