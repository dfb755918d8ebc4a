// A file that is too large is refused before it is sent. The server refuses it too, by its announced length.
"use strict";
(() => {
  const form = document.querySelector("form[data-max-bytes]");
  const input = form?.querySelector("input[type=file]");
  if (!input) return;
  const judge = () => {
    const file = input.files[0];
    const large = file && file.size > Number(form.dataset.maxBytes);
    input.setCustomValidity(large ? form.dataset.tooLarge : "");
    return !large;
  };
  input.addEventListener("change", () => judge() || input.reportValidity());
  form.addEventListener("submit", (event) => judge() || (event.preventDefault(), input.reportValidity()));
})();
