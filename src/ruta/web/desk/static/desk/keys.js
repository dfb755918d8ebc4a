// Keys of the desk. Without this file everything works by Tab and Enter.
"use strict";
(function () {
  const table = document.querySelector("[data-keys=list]");
  const rows = table ? Array.from(table.tBodies[0].rows) : [];
  let at = -1;

  function go(step) {
    if (!rows.length) return;
    if (at >= 0) rows[at].removeAttribute("aria-current");
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at].setAttribute("aria-current", "true");
    const link = rows[at].querySelector("a");
    if (link) link.focus();
  }

  function tick() {
    const box = at >= 0 && rows[at].querySelector("input[type=checkbox]");
    if (box) box.click();
  }

  function focus(id) {
    const found = document.getElementById(id);
    if (found) found.focus();
  }

  function show(id) {
    const part = document.getElementById(id);
    if (!part) return;
    part.tabIndex = -1;
    part.focus();
    part.scrollIntoView();
  }

  function task() {
    const take = document.querySelector("[data-key=t]");
    if (take) { take.click(); return; }
    const first = document.querySelector("#tarea form :is(input:not([type=hidden]), select, textarea, button)");
    if (first) first.focus(); else show("tarea");
  }

  function typing(target) {
    return target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
  }

  // With Shift, every row between the one ticked last and this one is ticked alike.
  let ticked = null;
  if (table) table.addEventListener("click", (event) => {
    if (!event.target.matches("input[type=checkbox]")) return;
    const boxes = Array.from(table.querySelectorAll("input[type=checkbox]"));
    const from = boxes.indexOf(ticked), to = boxes.indexOf(event.target);
    if (event.shiftKey && from >= 0)
      for (const box of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = event.target.checked;
    ticked = event.target;
  });

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: tick,
    "/": () => focus("q"),
    t: task,
    m: () => focus("f-template"),
    n: () => focus("f-note"),
    d: () => show("documentos"),
    h: () => show("historia"),
    g: () => { const inbox = document.querySelector(".desk-nav a"); if (inbox) inbox.click(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
