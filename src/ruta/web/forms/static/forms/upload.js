// A file that is too large is told before it is sent. The server judges again; without this script it alone does.
"use strict";
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
  const id = input.id + "-size";
  document.getElementById(id)?.remove();
  input.removeAttribute("aria-invalid");
  const most = Number(input.dataset.maxBytes);
  if (!input.files || !input.files[0] || !most || input.files[0].size <= most) return;
  const told = document.createElement("p");
  told.id = id;
  told.className = "ds-validation-message";
  told.setAttribute("role", "alert");
  told.textContent = input.dataset.tooLarge ?? "";
  input.setAttribute("aria-invalid", "true");
  input.value = "";
  input.insertAdjacentElement("afterend", told);
});
