// @ts-check
/** @param {{ data: { lang: string } }} component */
export default function ({ data }) {
  document.documentElement.lang = data.lang;
}
