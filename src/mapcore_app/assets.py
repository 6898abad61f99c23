"""
Leaflet for the map, served by the app itself.

The component exists only so that Streamlit serves the folder of `XStatic-Leaflet`; addresses are relative to
streamlit-folium's own page, so that a base path and `?embed=true` work. One script that fails to load leaves the whole
map blank, hence no CDN.
"""

import streamlit.components.v1 as components
import xstatic.pkg.leaflet

from mapcore.maps import use_local_leaflet

_component = components.declare_component("leaflet", path=str(xstatic.pkg.leaflet.BASE_DIR))
use_local_leaflet(f"../{_component.name}/")
