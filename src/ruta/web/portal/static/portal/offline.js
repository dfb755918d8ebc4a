// Checks the signed text of a QR on this device. Format: version 1 | key id 4 | CBOR | ECDSA P-256 signature 64 bytes;
// CBOR = [code (8 bytes), kind, holder, days since 2000-01-01, digest (6 bytes)].
"use strict";

(function () {
  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const script = document.getElementById("offline-script");
  const form = document.getElementById("offline-form");
  const answers = document.getElementById("offline-answer");
  const keys = JSON.parse(document.getElementById("qr-keys").textContent);

  class Unreadable extends Error {}

  function bytesOf(base64url) {
    let text;
    try {
      text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
    } catch {
      throw new Unreadable();
    }
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  function hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // The part of CBOR (RFC 8949) that our codes use: unsigned numbers, bytes, text and arrays of known length.
  function cbor(bytes) {
    let at = 0;
    function length(info) {
      if (info < 24) return info;
      if (info > 26) throw new Unreadable();
      let value = 0;
      for (let left = 1 << (info - 24); left > 0; left -= 1) value = value * 256 + bytes[at++];
      return value;
    }
    function take(size) {
      if (!(at + size <= bytes.length)) throw new Unreadable();
      at += size;
      return bytes.subarray(at - size, at);
    }
    function item() {
      const head = take(1)[0];
      const size = length(head & 31);
      switch (head >> 5) {
        case 0: return size;
        case 2: return take(size);
        case 3: return new TextDecoder("utf-8", { fatal: true }).decode(take(size));
        case 4: return Array.from({ length: Math.min(size, 16) }, item);
        default: throw new Unreadable();
      }
    }
    return item();
  }

  function codeOf(bytes) {
    let number = 0n;
    for (const byte of bytes) number = number * 256n + BigInt(byte);
    let text = "";
    for (let place = 11n; place >= 0n; place -= 1n) text += ALPHABET[Number((number >> (5n * place)) & 31n)];
    return text.replace(/(.{4})(?=.)/g, "$1-");
  }

  // Returns {answer, facts}: authentic, forged, unknown-key.
  async function check(text) {
    const trimmed = text.trim();
    const signed = bytesOf(trimmed.slice(trimmed.indexOf("#") + 1));
    if (signed.length < 80 || signed.length > 150 || signed[0] !== 1) throw new Unreadable();
    const key = keys.find((each) => each.kid === hex(signed.subarray(1, 5)));
    if (!key) return { answer: "unknown-key" };
    const body = signed.subarray(0, signed.length - 64);
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const jwk = { kty: key.kty, crv: key.crv, x: key.x, y: key.y };
    const publicKey = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    if (!(await crypto.subtle.verify(algorithm, publicKey, signed.subarray(signed.length - 64), body))) {
      return { answer: "forged" };
    }
    const [code, kind, holder, days, digest] = cbor(body.subarray(5));
    const issued = new Date(Date.UTC(2000, 0, 1 + days));
    const words = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return {
      answer: "authentic",
      facts: {
        code: codeOf(code),
        kind,
        holder: holder || "—",
        issued: issued.toLocaleDateString(document.documentElement.lang, words),
        digest: hex(digest) + "…",
      },
    };
  }

  function show(result) {
    for (const each of answers.querySelectorAll("[data-answer]")) each.hidden = each.dataset.answer !== result.answer;
    for (const [name, value] of Object.entries(result.facts || {})) {
      answers.querySelector(`[data-fact="${name}"]`).textContent = value;
    }
    const link = answers.querySelector("[data-online-link]");
    if (result.facts) {
      link.querySelector("a").href = `${script.dataset.online || ""}/v/${result.facts.code}`;
      link.hidden = false;
    }
    answers.focus();
  }

  async function answer(text) {
    try {
      show(await check(text));
    } catch {
      show({ answer: "unreadable" });
    }
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(document.getElementById("scanned").value);
  });

  if ("BarcodeDetector" in window) {
    document.querySelector("[data-camera]").hidden = false;
    document.getElementById("photo").addEventListener("change", async (event) => {
      try {
        const picture = await createImageBitmap(event.target.files[0]);
        const [found] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
        document.getElementById("scanned").value = found.rawValue;
        answer(found.rawValue);
      } catch {
        show({ answer: "unreadable" });
      }
    });
  }

  function readFragment() {
    if (location.hash.length <= 100) return;
    document.getElementById("scanned").value = location.href;
    answer(location.hash);
  }
  window.addEventListener("hashchange", readFragment);
  readFragment();

  // Keep this page and its files for when there is no network, and let it answer the addresses that QR codes open.
  async function keep() {
    const worker = script.dataset.worker;
    if (!worker || !("serviceWorker" in navigator) || !location.pathname.startsWith("/verificar/")) return;
    const files = performance.getEntriesByType("resource").map((each) => each.name);
    const ours = files.filter((name) => name.startsWith(location.origin + "/static/"));
    const cache = await caches.open("ruta-offline-1");
    await cache.addAll([location.pathname, ...new Set(ours)]);
    await navigator.serviceWorker.register(worker, { scope: "/verificar/sin-conexion/" });
    await navigator.serviceWorker.register(worker, { scope: "/v/" });
    document.querySelector("[data-ready]").hidden = false;
  }
  window.addEventListener("load", () => keep().catch(() => {}));
})();
