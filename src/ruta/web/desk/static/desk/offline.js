// The page of a device: opens under a PIN, keeps each answer, gives a number and a paper, and synchronises one by one.
"use strict";
(function () {
  const form = JSON.parse(document.getElementById("device").textContent);
  const at = (id) => document.getElementById(id);
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const say = (word) => find(`[data-word="${word}"]`).textContent;
  const DAY = "offline.acted_on";
  const actForm = at("act-form");
  const byLine = new Map(form.lines.map((each) => [each.line, each]));
  let vault = null;

  function tell(text, color = "info") {
    const box = at("told");
    box.replaceChildren();
    if (!text) return;
    const alert = document.createElement("div");
    alert.className = "ds-alert";
    alert.dataset.color = color;
    alert.append(Object.assign(document.createElement("p"), { textContent: text }));
    box.append(alert);
  }

  // --- The network, and keeping the page

  function net() {
    find('[data-net="on"]').hidden = !navigator.onLine;
    find('[data-net="off"]').hidden = navigator.onLine;
  }

  async function keepPage() {
    if (!("serviceWorker" in navigator) || !navigator.onLine) return;
    const files = performance.getEntriesByType("resource").map((each) => each.name.split("#")[0]);
    const ours = [...new Set(files.filter((name) => name.startsWith(`${location.origin}/static/`)))].sort();
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ours.join("\n")));
    const version = Array.from(new Uint8Array(digest).slice(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const mine = `ruta-device-${form.kit}-`;
    const page = await fetch(location.pathname, { credentials: "same-origin", redirect: "manual" });
    if (!page.ok) return; // the session is over: what was kept stays
    const cache = await caches.open(mine + version);
    await cache.addAll(ours);
    await cache.put(location.origin + location.pathname, page);
    const old = (await caches.keys()).filter((name) => name.startsWith(mine) && name !== mine + version);
    await Promise.all(old.map((name) => caches.delete(name)));
    const scope = form.worker.replace(/[^/]*$/, "");
    await navigator.serviceWorker.register(form.worker, { scope });
    await navigator.serviceWorker.ready;
    if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
    find("[data-ready]").hidden = false;
  }

  // --- Reading and writing the form

  function inputsOf(name) {
    return all(`[name="${CSS.escape(name)}"]`, actForm);
  }

  function single(field, name) {
    if (field.kind === "date") {
      const parts = ["day", "month", "year"].map((part) => (inputsOf(`${name}.${part}`)[0] || { value: "" }).value.trim());
      return parts.some(Boolean) ? parts.join("/") : "";
    }
    const inputs = inputsOf(name);
    if (field.kind === "list" && field.widget === "checkboxes") return inputs.filter((each) => each.checked).map((each) => each.value);
    if (!inputs.length) return "";
    if (inputs[0].type === "radio" || inputs[0].type === "checkbox") return (inputs.find((each) => each.checked) || { value: "" }).value;
    const text = inputs[0].value.trim();
    if (!field.list) return text;
    const found = form.lists[field.list].find(([code, title]) => code === text || title.toLowerCase() === text.toLowerCase());
    return found ? found[0] : text;
  }

  function group(field, prefix) {
    return Object.fromEntries(field.children.map((child) => [child.name, single(child, `${prefix}.${child.name}`)]));
  }

  function answer(field) {
    if (field.kind === "group") return group(field, field.name);
    if (field.kind !== "rows") return single(field, field.name);
    const rows = [];
    while (inputsExist(field, `${field.name}.${rows.length}`)) rows.push(group(field, `${field.name}.${rows.length}`));
    return rows.filter((row) => !Rules.blank(row));
  }

  function inputsExist(field, prefix) {
    return Boolean(find(`[name^="${CSS.escape(prefix)}."]`, actForm));
  }

  function typed() {
    return Object.fromEntries(form.fields.map((field) => [field.name, answer(field)]));
  }

  // Every input as it stands, so that what is half typed comes back too.
  function asItStands() {
    return all("input, select, textarea", actForm).map((each) =>
      each.type === "radio" || each.type === "checkbox" ? each.checked : each.value);
  }

  function restore(values) {
    all("input, select, textarea", actForm).forEach((each, place) => {
      if (place >= values.length) return;
      if (each.type === "radio" || each.type === "checkbox") each.checked = values[place];
      else each.value = values[place];
    });
  }

  function actedOn() {
    return Rules.day(single({ kind: "date" }, DAY));
  }

  function redraw() {
    const names = Rules.shown(form.fields, typed(), actedOn());
    for (const box of all("[data-question]")) box.hidden = !names.has(box.dataset.question);
    for (const page of all("[data-page]")) page.hidden = all("[data-question]", page).every((box) => box.hidden);
  }

  // --- What is wrong

  function firstInput(name) {
    const box = name === DAY ? at("f-offline-acted-on") : find(`[data-question="${CSS.escape(name)}"]`);
    return find("input, select, textarea", box);
  }

  function clearErrors() {
    all("[data-wrong]", actForm).forEach((each) => each.remove());
    all("[aria-invalid]", actForm).forEach((each) => each.removeAttribute("aria-invalid"));
    at("error-summary").hidden = true;
  }

  function showErrors(problems) {
    clearErrors();
    if (!problems.length) return;
    const list = find("ul", at("error-summary"));
    list.replaceChildren();
    for (const { field, say: text } of problems) {
      const input = firstInput(field);
      const box = field === DAY ? at("f-offline-acted-on") : find(`[data-question="${CSS.escape(field)}"] > *`);
      const note = Object.assign(document.createElement("p"), { className: "ds-validation-message", textContent: text, id: `${input.id}-wrong` });
      note.dataset.wrong = "";
      box.append(note);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", note.id);
      const label = field === DAY ? say("day") : form.fields.find((each) => each.name === field).label;
      const link = Object.assign(document.createElement("a"), { href: `#${input.id}`, textContent: `${label}: ${text}` });
      link.addEventListener("click", (event) => { event.preventDefault(); input.focus(); });
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    at("error-summary").hidden = false;
    at("error-summary").focus();
  }

  // --- Numbers left, and what waits

  async function left() {
    const spent = await vault.spent();
    const free = form.lines.filter((each) => each.free && !spent.includes(each.line));
    const count = free.filter((each) => each.numbers.length).length;
    const over = localDay(new Date()) > form.until;
    find("[data-left]").textContent = count ? `${say("left")} ${count}` : form.numbered ? say("none-left") : "";
    if (form.ended) tell(say("ended"), "warning");
    else if (!free.length) tell(say("full"), "warning");
    else if (over) tell(say("over"), "warning");
    if (form.ended || !free.length) actForm.hidden = true;
    return free;
  }

  function localDay(date) {
    return [date.getFullYear(), String(date.getMonth() + 1).padStart(2, "0"), String(date.getDate()).padStart(2, "0")].join("-");
  }

  async function list() {
    const waiting = await vault.waiting();
    const box = find("[data-waiting]");
    box.replaceChildren();
    for (const filing of waiting) {
      const item = document.createElement("li");
      const number = filing.numbers.map((each) => each.number).join(", ") || say("on-return");
      item.append(Object.assign(document.createElement("strong"), { textContent: `${say("line")} ${filing.line} · ${number} ` }));
      const again = Object.assign(document.createElement("button"), { type: "button", className: "ds-button", textContent: say("print") });
      again.dataset.variant = "tertiary";
      again.dataset.size = "sm";
      again.addEventListener("click", () => { showPaper(filing); });
      item.append(again);
      box.append(item);
    }
    find("[data-none]").hidden = waiting.length > 0;
    find("[data-sync]").disabled = waiting.length === 0;
    return waiting;
  }

  // --- The paper

  function fact(label, text) {
    const row = document.createElement("div");
    row.append(Object.assign(document.createElement("dt"), { textContent: label }), Object.assign(document.createElement("dd"), { textContent: text }));
    return row;
  }

  function inWords(field, given) {
    if (field.list) return (form.lists[field.list].find(([code]) => code === given) || [given, given])[1];
    return field.options[given] || String(given);
  }

  function showPaper(filing) {
    const facts = find("[data-facts]");
    const numbers = filing.numbers.length ? filing.numbers.map((each) => fact(each.title, each.number)) : [fact(say("number"), say("on-return"))];
    const shown = form.fields.filter((field) => form.shows.includes(field.name) && !Rules.blank(filing.typed[field.name]));
    facts.replaceChildren(
      ...numbers,
      fact(say("code"), filing.code),
      fact(say("day"), filing.acted_on.split("-").reverse().join("/")),
      ...shown.map((field) => fact(field.label, inWords(field, filing.typed[field.name]))),
    );
    actForm.hidden = true;
    at("paper").hidden = false;
    find("[data-print]").focus();
  }

  async function next() {
    at("paper").hidden = true;
    actForm.hidden = false;
    actForm.reset();
    today();
    redraw();
    if ((await left()).length && !form.ended) firstInput(form.fields[0].name).focus();
  }

  function today() {
    const now = localDay(new Date());
    if (now < form.first || now > form.until) return; // the clock is wrong: the official writes the day
    const [year, month, day] = now.split("-");
    for (const [part, text] of [["day", Number(day)], ["month", Number(month)], ["year", year]]) inputsOf(`${DAY}.${part}`)[0].value = text;
  }

  async function finish(event) {
    event.preventDefault();
    const day = actedOn();
    const answers = typed();
    const problems = day && day >= form.first && day <= form.until ? [] : [{ field: DAY, say: say("day-out") }];
    problems.push(...Rules.problems(form, answers, day, say));
    showErrors(problems);
    if (problems.length) return;
    const names = Rules.shown(form.fields, answers, day);
    const kept = Object.fromEntries(Object.entries(answers).filter(([name, given]) => names.has(name) && !Rules.blank(given)));
    const filing = { typed: kept, acted_on: day, device_at: new Date().toISOString() };
    clearTimeout(pending);
    const line = await vault.add(filing, form.lines.filter((each) => each.free).map((each) => each.line));
    if (line === undefined) { await left(); return; }
    await list();
    showPaper(withLine({ line, ...filing }));
  }

  function withLine(filing) {
    const about = byLine.get(filing.line) || { code: "", numbers: [] };
    return { ...filing, code: about.code, numbers: about.numbers };
  }

  // --- Synchronising

  async function send(filing, token) {
    const { typed: answers, acted_on, device_at } = filing;
    const answered = await fetch(form.send.replace(/0\/$/, `${filing.line}/`), {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ typed: answers, acted_on, device_at }),
    });
    if (!answered.ok) throw new Error(String(answered.status));
    return answered.json();
  }

  function heard(told) {
    const item = document.createElement("li");
    const more = told.status === "filed" ? told.case : told.problems.join(" ");
    item.append(Object.assign(document.createElement("strong"), { textContent: `${say("line")} ${told.line}: ${say(told.status)} ${more} ` }));
    if (told.status === "unresolved") item.append(Object.assign(document.createElement("a"), { href: form.settle, textContent: say("settle") }));
    find("[data-answers]").append(item);
  }

  async function synchronise() {
    let state;
    try {
      state = await fetch(form.state, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    } catch {
      return tell(say("no-net"), "warning");
    }
    if (state.type === "opaqueredirect") return tell(say("sign-in"), "warning");
    try {
      const { token } = await state.json();
      for (const filing of await vault.waiting()) {
        const told = await send(filing, token);
        if (!["filed", "unresolved", "discarded"].includes(told.status)) throw new Error(told.status);
        heard(told);
        await vault.wipe(filing.line);
      }
    } catch {
      await list();
      return tell(say("failed"), "danger");
    }
    await list();
    if (!at("paper").hidden) await next(); // nothing of what was sent stays on the screen
    return tell(say("done"), "success");
  }

  async function alone() {
    const button = find("[data-sync]");
    button.disabled = true;
    if (navigator.locks) await navigator.locks.request(`ruta-device-${form.kit}`, synchronise);
    else await synchronise();
    await list();
  }

  // --- The PIN

  async function openPin() {
    const fresh = await vault.isNew();
    all("[data-new]").forEach((each) => { each.hidden = !fresh; });
    all("[data-known]").forEach((each) => { each.hidden = fresh; });
    at("pin-form").hidden = false;
    at("pin").focus();
  }

  async function enter(event) {
    event.preventDefault();
    const pin = at("pin").value;
    const fresh = await vault.isNew();
    let wrong = "";
    if (fresh && [...pin].length < 8) wrong = "short";
    else if (fresh && pin !== at("pin-again").value) wrong = "differ";
    else if (fresh) await vault.create(pin).catch(() => { wrong = "wrong"; });
    else if (!(await vault.unlock(pin))) wrong = "wrong";
    at("pin-error").textContent = wrong ? say(wrong) : "";
    if (wrong) { at("pin").setAttribute("aria-invalid", "true"); at("pin").focus(); return; }
    at("pin-form").hidden = true;
    at("pin").value = at("pin-again").value = "";
    at("work").hidden = false;
    today();
    const draft = await vault.kept();
    if (draft) restore(draft);
    redraw();
    await list();
    if ((await left()).length && !form.ended) firstInput(form.fields[0].name).focus();
  }

  let pending = 0;
  function keep() {
    clearTimeout(pending);
    pending = setTimeout(() => vault.keep(asItStands()), 150);
  }

  async function start() {
    form.numbered = form.lines.some((each) => each.numbers.length);
    for (const field of form.fields.flatMap((each) => [each, ...each.children])) {
      if (!field.list) continue;
      const fresh = () => form.lists[field.list].map(([, title]) => Object.assign(document.createElement("option"), { value: title }));
      all("datalist", actForm).filter((each) => each.id.replace(/^f-/, "").replace(/-list$/, "").split("-").pop() === field.name)
        .forEach((each) => each.replaceChildren(...fresh()));
    }
    net();
    window.addEventListener("online", net);
    window.addEventListener("offline", net);
    if (!Vault.usable()) return tell(say("insecure"), "danger");
    vault = await Vault.of(form.kit);
    const plain = vault.waiting.bind(vault);
    vault.waiting = async () => (await plain()).map(withLine);
    at("pin-form").addEventListener("submit", enter);
    actForm.addEventListener("submit", finish);
    actForm.addEventListener("input", keep);
    actForm.addEventListener("change", () => { redraw(); keep(); });
    find("[data-print]").addEventListener("click", () => window.print());
    find("[data-next]").addEventListener("click", next);
    find("[data-sync]").addEventListener("click", alone);
    await openPin();
    return undefined;
  }

  start();
  window.addEventListener("load", () => keepPage().catch(() => {}));
})();
