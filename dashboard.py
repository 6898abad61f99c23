"""
The dashboard: choose a proposal, see it on the map, read its figures. Run with `streamlit run dashboard.py`.

Streamlit reads this file in two ways. It finds `st.App` in the source and imports the file once, for the server; none
of the dashboard's parts may come along, since what they register before the server is there answers 404 for ever. Then
it runs the file as a script each time that a page is drawn; so do tests, and hosts that run a script by themselves.
"""

import streamlit as st

from mapcore.app.server import (
    api,
    cards,
    config_watch,
    contact,
    corrections,
    daily_line,
    embeds,
    faults,
    first_answer,
    map_files,
    memory_budget,
    memory_watch,
    no_delay,
    overviews,
    security,
    sessions,
    static_files,
    text_columns,
    uploads,
    warm_up,
)

if __name__ == "__main__":
    from mapcore.app import page

    page.draw()
else:
    memory_budget.take_from_environment()
    memory_watch.keep_together()
    text_columns.keep_with_python()
    config_watch.look_seldom()
    contact.at_start()
    daily_line.at_start()
    app = st.App(
        __file__,
        routes=[
            *api.routes(),
            *cards.routes(),
            *corrections.routes(),
            *embeds.routes(),
            *first_answer.routes(),
            *map_files.routes(),
            *overviews.routes(),
            *warm_up.routes(),
        ],
        middleware=[
            *no_delay.middleware(),
            *security.middleware(),
            *static_files.middleware(),
            *uploads.middleware(),
            *sessions.middleware(),
        ],
        lifespan=warm_up.lifespan,
        on_script_error=faults.last_resort,
    )
