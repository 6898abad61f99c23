// @ts-check
/** @param {{ parentElement: HTMLElement, data: { picture: string } }} component With an SVG, escaped where it was made. */
export default function ({ parentElement, data }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector("figure"));
  if (place.dataset.drawn === data.picture) return;
  place.innerHTML = data.picture;
  place.dataset.drawn = data.picture;
}
