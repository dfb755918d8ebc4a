// Judges answers as far as a device can: what `offline/conditions.py` and `offline/form.py` wrote. The server judges all again.
"use strict";
window.Rules = (function () {
  // null where FEEL has null: an absent answer, or a comparison with one.
  function value(rule, answers, today) {
    const [op, left, right] = rule;
    if (op === "is") return left;
    if (op === "today") return today;
    if (op === "form") return answers[left] === undefined ? null : answers[left];
    if (op === "not") {
      const inner = value(left, answers, today);
      return typeof inner === "boolean" ? !inner : null;
    }
    const [one, other] = [value(left, answers, today), value(right, answers, today)];
    switch (op) {
      case "and":
        if (one === false || other === false) return false;
        return one === true && other === true ? true : null;
      case "or":
        if (one === true || other === true) return true;
        return one === false && other === false ? false : null;
      case "=": return one === other;
      case "!=": return one !== other;
    }
    if (one === null || other === null) return null;
    return { "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other }[op];
  }

  function blank(given) {
    if (given === undefined || given === null || given === "") return true;
    if (Array.isArray(given)) return given.every(blank);
    return typeof given === "object" && Object.values(given).every(blank);
  }

  // ISO day of "27/3/1998"; null where it is none.
  function day(text) {
    const found = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})\s*$/.exec(text || "");
    if (!found) return null;
    const [year, month, date] = [Number(found[3]), Number(found[2]), Number(found[1])];
    const last = month >= 1 && month <= 12 ? new Date(Date.UTC(year, month, 0)).getUTCDate() : 0;
    if (year < 1 || date < 1 || date > last) return null;
    return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(date).padStart(2, "0")].join("-");
  }

  // Typed answers as rules compare them.
  function compared(fields, typed) {
    const answers = {};
    for (const field of fields) {
      const given = typed[field.name];
      if (blank(given)) continue;
      if (field.kind === "date") answers[field.name] = day(given);
      else if (field.kind === "integer" || field.kind === "number") answers[field.name] = Number(given);
      else if (field.kind === "boolean") answers[field.name] = given === "true";
      else answers[field.name] = given;
    }
    return answers;
  }

  // The names of the fields that are shown, or that may be: dropping an answer may hide others.
  function shown(fields, typed, today) {
    let names = new Set(fields.map((field) => field.name));
    for (;;) {
      const kept = Object.fromEntries(Object.entries(typed).filter(([name]) => names.has(name)));
      const answers = compared(fields, kept);
      const now = fields.filter((field) => field.when.every((rule) => value(rule, answers, today) === true));
      const fewer = new Set(now.map((field) => field.name).filter((name) => names.has(name)));
      if (fewer.size === names.size) return fewer;
      names = fewer;
    }
  }

  function wrong(field, given, lists, say) {
    if (blank(given)) return field.required ? field.say.required : "";
    if (field.children.length || typeof given !== "string") return "";
    if (field.kind === "date" && day(given) === null) return field.say.format;
    if (field.list && !lists[field.list].some(([code]) => code === given)) return say("not-listed");
    const length = [...given].length;
    if (field.min !== undefined && length < field.min) return field.say.min;
    if (field.max !== undefined && length > field.max) return field.say.max;
    if (field.pattern && !field.list && !new RegExp(field.pattern, "u").test(given)) return field.say.pattern;
    return "";
  }

  // [{field, say}] of what is wrong in what is shown.
  function problems(form, typed, today, say) {
    const names = shown(form.fields, typed, today);
    const found = [];
    for (const field of form.fields) {
      if (!names.has(field.name)) continue;
      const said = wrong(field, typed[field.name], form.lists, say);
      if (said) found.push({ field: field.name, say: said });
    }
    const kept = Object.fromEntries(Object.entries(typed).filter(([name]) => names.has(name)));
    const answers = compared(form.fields, kept);
    for (const check of form.checks) {
      if (!names.has(check.field) || found.some((each) => each.field === check.field)) continue;
      if (value(check.wrong, answers, today) === true) found.push({ field: check.field, say: check.say });
    }
    const place = Object.fromEntries(form.fields.map((field, at) => [field.name, at]));
    return found.sort((one, other) => place[one.field] - place[other.field]);
  }

  return { value, day, shown, problems, blank };
})();
