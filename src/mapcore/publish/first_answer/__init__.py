"""
The first answer to a link: the view that it opens as a page that can be read before any script has run.

The dashboard's server puts it into Streamlit's own page, whose scripts then take its place. Nothing here asks for
another file, and nothing here knows Streamlit.
"""
