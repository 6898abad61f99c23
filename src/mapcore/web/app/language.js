// @ts-check
/** @param {{ data: { lang: string, style: string } }} component */
export default function ({ data }) {
  mapcoreStyled(data.style);
  document.documentElement.lang = data.lang;
}
