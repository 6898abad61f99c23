// @ts-check
// A page without a server: it shows one view, or chooses among those of a folder; the query string says which.
var mapcorePage = (() => {
  "use strict";

  /**
   * @typedef {object} Settings
   * @property {LinkContract} link
   * @property {Paint[]} paints
   * @property {string} lang
   * @property {Record<string, string>} words
   * @property {MapWords} mapWords
   * @property {string} [only] The one view of a page that has no folder beside it.
   * @property {Record<string, any>} [content] Its content.
   * @property {PlaceBoxWords} [find] What the search for a settlement says.
   * @property {Record<string, string>} [site] The page of each language.
   * @property {Proposal[]} [proposals]
   */

  const { make, word, paragraph } = mapcoreElements;
  const root = document.documentElement;
  /** @type {Settings} */
  let settings;
  /** @type {Proposal[]} */
  let proposals = [];
  /** @type {L.Map} */
  let map;
  /** @type {View} */
  let view;
  /** @type {string[]} */
  let notices = [];
  /** @type {string} What is to be shown. */
  let wanted;
  /** @type {ViewWords} */
  let words;

  /**
   * @template {HTMLElement} [Kind=HTMLElement]
   * @param {string} id
   * @returns {Kind}
   */
  function at(id) {
    return /** @type {Kind} */ (document.getElementById(id));
  }

  /**
   * @param {string} id
   * @param {HTMLElement[]} children
   */
  function fill(id, children) {
    at(id)?.replaceChildren(...children);
  }

  /** @param {string} text */
  function notice(text) {
    if (!notices.includes(text)) notices.push(text);
  }

  // ---- content

  /** @param {string} key */
  function spoken(key) {
    return settings.site ? `${settings.lang}/${key}` : key;
  }

  // The names on the map come apart from its shapes, which every language shares.
  async function base() {
    if (!settings.site) return mapcoreContent.get("base");
    const [shapes, places] = await Promise.all(["base", spoken("places")].map(mapcoreContent.get));
    return { ...shapes, places, later: { rivers: spoken("rivers"), towns: spoken("towns") } };
  }

  /** @param {string} key */
  function content(key) {
    if (key === "base") return base();
    return key.startsWith("shapes") ? mapcoreContent.shapes(key) : mapcoreContent.get(key);
  }

  // ---- the link

  function read() {
    const found = mapcoreLink.read(location.search, settings.link, proposals);
    view = found.view;
    if (settings.site) view.chosen.lang = settings.lang;
    notices = found.notices;
  }

  /**
   * A page from a disk may not always rewrite its own address; it works without.
   *
   * @param {boolean} entry Whether the way back leads to the view before.
   */
  function write(entry) {
    const query = mapcoreLink.write(view, location.search, settings.link, proposals);
    mapcoreLink.turn(query, settings.site);
    if (!query || `?${query}` === location.search) return;
    try {
      if (entry) history.pushState(null, "", `?${query}`);
      else history.replaceState(null, "", `?${query}`);
    } catch {
      return;
    }
  }

  // ---- the page

  function controls() {
    const { units, proposal, compare, page } = view.chosen;
    const isComparing = page === "compare";
    at("theme").textContent = word(root.dataset.theme === "dark" ? "light" : "dark");
    /** @type {HTMLSelectElement} */ (at("units")).value = units;
    if (settings.only) return;
    const held = /** @type {HTMLSelectElement} */ (at("compare"));
    /** @type {HTMLSelectElement} */ (at("proposal")).value = proposal;
    /** @type {HTMLInputElement} */ (at("comparing")).checked = isComparing;
    held.value = compare;
    held.disabled = !isComparing;
    const known = isComparing ? {} : mapcoreLink.parametersOf(proposals, proposal);
    const names = Object.keys(known).join();
    if (at("parameters").dataset.of !== names) {
      at("parameters").dataset.of = names;
      fill("parameters", Object.entries(known).map(slider));
    }
    for (const [name, { unit }] of Object.entries(known)) {
      const value = view.parameters[name];
      /** @type {HTMLInputElement} */ (at(`parameter-${name}`)).value = String(value);
      at(`told-${name}`).textContent = `${value}\u00a0${unit}`;
    }
  }

  /** @param {[string, Parameter]} parameter */
  function slider([name, { label, unit, min, max, step }]) {
    const range = make("input", { type: "range", id: `parameter-${name}`, min, max, step });
    range.addEventListener("input", () => (at(`told-${name}`).textContent = `${range.value}\u00a0${unit}`));
    range.addEventListener("change", () => {
      view.parameters[name] = Number(range.value);
      changed();
    });
    return make("label", {}, `${label} `, range, make("output", { id: `told-${name}` }));
  }

  async function details() {
    const { zone, units } = view.chosen;
    if (!zone) {
      fill("details", []);
      return;
    }
    /** @type {Record<string, { tip: string }>} */
    const tips = await mapcoreContent.get(words.tips[units]);
    const chosen = Object.entries(tips).filter(([id]) => id.split("#")[0] === zone);
    const blocks = chosen.map(([, { tip }]) => {
      const block = make("p");
      // Escaped where it was made.
      block.innerHTML = tip;
      return block;
    });
    fill("details", blocks);
  }

  async function draw() {
    const key = settings.only || mapcoreLink.content(view, proposals);
    const { page, proposal, compare } = view.chosen;
    wanted = key;
    if (page === "compare" && compare === proposal) notice(word("same"));
    controls();
    fill("notices", notices.map(paragraph));
    try {
      const [found, town] = await Promise.all([
        mapcoreContent.get(spoken(key)),
        settings.site ? mapcoreTown.show(view) : {},
      ]);
      if (wanted === key) tell(found, town);
    } catch (problem) {
      if (!(problem instanceof mapcoreContent.MissingError)) throw problem;
      fill("notices", [paragraph(word("missing", { file: problem.message }))]);
    }
  }

  /**
   * @param {ViewWords & Record<string, any>} found
   * @param {ShownTown} town
   */
  function tell(found, town) {
    const { units, zone } = view.chosen;
    words = found;
    if (town.none) fill("notices", [...notices, town.none].map(paragraph));
    write(false);
    document.title = `${found.title} | mapcore`;
    for (const id of ["title", "byline", "summary", "line", "citation", "bibtex", "method"]) {
      at(id).textContent = found[id];
    }
    fill("notes", found.notes.map(paragraph));
    fill("legend", mapcoreElements.legend(found, units));
    fill("ledger", mapcoreElements.ledger(found, units));
    fill("zones", mapcoreElements.table(found, units));
    fill("text", mapcoreElements.prose(found));
    fill("files", mapcoreElements.files(found));
    if (at("offered")) at("offered").hidden = !at("files").children.length;
    mapcore.show({
      shapes: found.shapes,
      words: found.tips[units],
      name: wanted,
      theme: String(root.dataset.theme),
      zone,
      tiles: null,
      version: settings.link.version,
      attribution: found.credit,
      placed: "lat" in view.place,
      fit: found.fit,
      whole: view.chosen.frame === "country",
      ...town.map,
    });
    details();
  }

  function changed() {
    notices = [];
    write(true);
    draw();
  }

  function goToPlace() {
    const { lat, lon, zoom } = view.place;
    if (lat !== undefined) map.setView([lat, lon], zoom, { animate: false });
  }

  function listen() {
    /** @type {Record<string, (field: HTMLSelectElement & HTMLInputElement) => Partial<View["chosen"]>>} */
    const fields = {
      units: ({ value }) => ({ units: value }),
      compare: ({ value }) => ({ compare: value }),
      comparing: ({ checked }) => ({ page: checked ? "compare" : "map" }),
      proposal: ({ value }) => ({ proposal: value }),
    };
    for (const [id, chosen] of Object.entries(fields)) {
      at(id)?.addEventListener("change", () => {
        Object.assign(view.chosen, chosen(at(id)));
        if (id === "proposal") {
          const known = Object.entries(mapcoreLink.parametersOf(proposals, view.chosen.proposal));
          view.parameters = Object.fromEntries(known.map(([name, one]) => [name, one.default]));
        }
        changed();
      });
    }
    at("theme").addEventListener("click", () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      draw();
    });
    window.addEventListener("popstate", () => {
      read();
      draw();
    });
    map.on("moveend", () => {
      const here = mapcore.place();
      if (here === undefined) return;
      view.place = here || {};
      view.chosen.frame = mapcoreView.isWhole() ? "country" : "subject";
      write(false);
    });
  }

  /** @param {string} zone */
  function choose(zone) {
    view.chosen.zone = zone;
    write(false);
    draw();
  }

  /** @param {Settings} options */
  function start(options) {
    settings = options;
    proposals = options.proposals || [];
    mapcoreElements.speak(options.words);
    for (const [key, found] of Object.entries(options.content || {})) mapcoreContent.give(key, found);
    root.dataset.theme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.classList.toggle("embedded", new URLSearchParams(location.search).get("embed") === "true");
    read();
    map = L.map("map", { center: [48.4, 31.2], zoom: 6, minZoom: 3, maxZoom: 14, zoomSnap: 0.25 });
    mapcore.start(map, {
      url: "base",
      statuses: settings.paints,
      words: settings.mapWords,
      place: settings.link.place,
      content,
      chosen: choose,
    });
    if (settings.site && settings.find) {
      mapcoreTown.start(settings.find, settings.lang, proposals, (key) => {
        view.town = key;
        changed();
      });
    }
    goToPlace();
    listen();
    mapcoreLink.turn(location.search, settings.site);
    draw();
  }

  return { start, give: mapcoreContent.give };
})();
