// The fragment of a scanned QR never reaches the server; it is handed to the page that checks it on this device.
const item = document.querySelector("[data-signed-link]");
if (item && location.hash.length > 100) {
  item.querySelector("a").hash = location.hash;
  item.hidden = false;
}
