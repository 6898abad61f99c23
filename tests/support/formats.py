"""Tables and shapes, read as their formats have them."""

import io
import json

import numpy as np
import pandas as pd
import shapely

BOM = "\ufeff".encode()
#: What has pandas read each number as it is written: from 3.1 on it does so by itself.
EXACT = {} if tuple(map(int, pd.__version__.split(".")[:2])) >= (3, 1) else {"float_precision": "round_trip"}


def read(content):
    """Read a table as the documentation says, with nothing but what it says."""
    return pd.read_csv(io.BytesIO(content), comment="#", **EXACT)


def windings(geometry):
    """Whether each ring of a GeoJSON geometry winds as it should: by its area, not by what a library says of it."""
    nested = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(geometry["type"], [])
    for polygon in nested:
        for place, ring in enumerate(polygon):
            x, y = (np.array(ring) - ring[0]).T
            area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
            assert ring[0] == ring[-1]
            yield area > 0 if place == 0 else area < 0


def well_formed(content, *, valid=True):
    """Hold a feature collection against RFC 7946."""
    polygons = [one["geometry"] for one in content["features"] if one["geometry"]["type"].endswith("Polygon")]
    assert polygons
    assert all(all(windings(geometry)) for geometry in polygons)
    if valid:
        assert all(shapely.from_geojson(json.dumps(geometry)).is_valid for geometry in polygons)
