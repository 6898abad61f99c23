// @ts-check
// Streamlit's page has our styles in it where our server answered; on another path, or since a newer server answers,
// they come with the first element of ours.

/** @param {string} address Where the styles are, from Streamlit's page; or nothing, where they came in another way. */
function mapcoreStyled(address) {
  if (!address || document.querySelector(`link[rel="stylesheet"][href$="${address}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.body.append(link);
}
