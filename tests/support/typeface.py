"""What is said anywhere, letter by letter."""

from mapcore.base.data_files import geo_dir
from mapcore.base.language import LOCALE_DIR

FILES = [*LOCALE_DIR.glob("*.po"), *geo_dir().rglob("*.toml"), *geo_dir().rglob("*.csv"), geo_dir() / "oblasts.geojson"]


SAID = {letter for file in FILES for letter in file.read_text("utf-8")} - {"\n", "\t"}
