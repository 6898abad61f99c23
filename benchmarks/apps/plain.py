"""The usual way: read the files, overlay, measure and redraw the whole map with `st_folium(map)` at each click."""

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from mapcore.app.parts import assets
from mapcore.base.data_files import geo_path
from mapcore.base.schema import AREA_CRS
from mapcore.land.boundaries import load_oblasts
from mapcore.lines.catalogue import load_control

# Leaflet comes from this machine: no CDN can be reached in the benchmark.
folium.Map.default_js, folium.Map.default_css = ([(file, file)] for file in assets.frame_files())
OBLASTS = {
    "us-28-point": ["UA-43", "UA-40", "UA-09", "UA-14"],
    "russia-claim": ["UA-43", "UA-40", "UA-09", "UA-14", "UA-23", "UA-65"],
    "ukraine-1991": [],
    "line-as-is": [],
}

chosen = st.pills("Proposal", list(OBLASTS), default="us-28-point", key="proposal") or "us-28-point"
oblasts = gpd.read_file(geo_path("oblasts.geojson")).to_crs(AREA_CRS)
held = gpd.GeoDataFrame(geometry=[load_control().held], crs=AREA_CRS)
inside = gpd.overlay(oblasts, held, how="intersection").assign(held_by="russia")
outside = gpd.overlay(oblasts, held, how="difference").assign(held_by="ukraine")
zones = gpd.GeoDataFrame(pd.concat([inside, outside], ignore_index=True), crs=AREA_CRS)
zones["named"] = zones["iso"].isin(OBLASTS[chosen])
zones["km2"] = zones.area / 1e6
drawn = folium.Map([48.4, 31.2], zoom_start=6, tiles=None)
folium.GeoJson(
    zones.to_crs("EPSG:4326").drop(columns=["population_date"], errors="ignore"),
    style_function=lambda feature: {
        "className": f"zone plain-{chosen}",
        "fillColor": "#b2452f" if feature["properties"]["named"] else "#e8ecef",
        "weight": 1,
    },
).add_to(drawn)
st_folium(drawn, key="map", use_container_width=True, height=580)
st.html(f'<p id="answer">{chosen} {load_oblasts()["measured_area_km2"].sum():.0f} {zones["km2"].sum():.0f}</p>')
st.dataframe(zones[["iso", "held_by", "km2"]])
