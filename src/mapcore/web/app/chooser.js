// @ts-check
// The choice of a proposal: the browser's own list, and buttons to the one before and the one after it.

/** @typedef {{ groups: [string, [string, string][]][], chosen: string, label: string, before: string, after: string }} Choice */

/**
 * @param {{ parentElement: HTMLElement, data: Choice, setTriggerValue: (name: string, value: string) => void }} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const select = /** @type {HTMLSelectElement} */ (parentElement.querySelector("select"));
  const made = JSON.stringify(data.groups);
  if (select.dataset.made !== made) {
    select.replaceChildren(
      ...data.groups.map(([label, options]) => {
        const group = document.createElement("optgroup");
        group.label = label;
        group.append(...options.map(([id, words]) => new Option(words, id)));
        return group;
      }),
    );
    select.dataset.made = made;
  }
  // Several texts may share a map: the list then stands at the first, which is the proposal itself.
  select.value = data.chosen;
  select.ariaLabel = data.label;
  /** @type {HTMLElement} */ (parentElement.querySelector("span")).textContent = data.label;
  select.onchange = () => setTriggerValue("chosen", select.value);
  const ids = [...new Set(data.groups.flatMap(([, options]) => options.map(([id]) => id)))];
  /** @type {["before" | "after", number][]} */
  const ways = [
    ["before", -1],
    ["after", 1],
  ];
  for (const [way, step] of ways) {
    const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector(`.${way}`));
    button.title = data[way];
    button.setAttribute("aria-label", data[way]);
    button.onclick = () => {
      select.value = /** @type {string} */ (ids[(ids.indexOf(select.value) + step + ids.length) % ids.length]);
      setTriggerValue("chosen", select.value);
    };
  }
}
