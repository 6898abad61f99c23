// @ts-check
// The search box as an element of the dashboard; what it searches in comes before this in the same file.
/** @typedef {{ url: string, lang: string, chosen: string, words: [PlaceBoxWords] }} Searched */

/** @type {Map<string, Promise<PlaceIndex>>} */
const loaded = new Map();

/** @param {string} url */
function load(url) {
  const known = loaded.get(url);
  if (known) return known;
  const coming = fetch(new URL(url, document.baseURI)).then((reply) => {
    if (!reply.ok) throw new Error(`${reply.status}`);
    return /** @type {Promise<PlaceIndex>} */ (reply.json());
  });
  loaded.set(url, coming);
  coming.catch(() => loaded.delete(url));
  return coming;
}

/**
 * @param {{ parentElement: HTMLElement, data: Searched, setTriggerValue: (name: string, value: string) => void }} component
 */
export default function ({ parentElement, data: { url, lang, chosen, words }, setTriggerValue }) {
  mapcorePlaceBox.attach({
    within: parentElement,
    words: words[0],
    lang,
    chosen,
    load: () => load(url),
    choose: (key) => setTriggerValue("chosen", key || "none"),
  });
}
