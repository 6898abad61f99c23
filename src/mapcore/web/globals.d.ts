// What the scripts meet in the page besides the browser and Leaflet.
import "leaflet";

declare module "leaflet" {
  interface MapOptions {
    // Leaflet.GestureHandling
    gestureHandlingOptions?: {
      text: { touch: string; scroll: string; scrollMac: string };
      duration: number;
    };
  }
  interface Map {
    gestureHandling: Handler;
  }
  // Handed on to each path.
  interface GeoJSONOptions<P = any, G extends GeoJSON.GeometryObject = GeoJSON.Geometry> {
    renderer?: Renderer;
  }
}

declare global {
  /** What the map says, as `map_words` in Python gives it. */
  type MapWords = ScaleWords &
    Record<
      | "map"
      | "band"
      | "zoom_in"
      | "zoom_out"
      | "two_fingers"
      | "ctrl_wheel"
      | "command_wheel"
      | "no_tiles"
      | "whole"
      | "closer",
      string
    >;

  interface Window {
    /** What streamlit-folium tells Python; only in its frame. */
    __GLOBAL_DATA__?: { last_active_drawing: { id: string; click: number } | null };
    /** Where a frame of the dashboard has left the map. */
    mapcorePlace?: MapPlaceLeft;
  }
}
