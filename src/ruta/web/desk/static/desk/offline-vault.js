// Keeps what is typed on this device, encrypted by a key from a PIN (PBKDF2 with SHA-256, AES-GCM): one database per kit.
// In the clear stand only which lines are taken. A line is taken in one transaction, so two tabs never take the same.
"use strict";
window.Vault = (function () {
  const ROUNDS = 600000;
  const CHECK = "ruta";

  function asked(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  function over(transaction) {
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  async function opened(kit) {
    const request = indexedDB.open(`ruta-device-${kit}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("meta");
      request.result.createObjectStore("lines");
    };
    return asked(request);
  }

  class Vault {
    constructor(base) {
      this.base = base;
      this.key = null;
    }

    static usable() {
      return Boolean(window.isSecureContext && window.indexedDB && window.crypto && crypto.subtle);
    }

    static async of(kit) {
      return new Vault(await opened(kit));
    }

    async meta(name) {
      return asked(this.base.transaction("meta").objectStore("meta").get(name));
    }

    async setMeta(name, value) {
      const change = this.base.transaction("meta", "readwrite");
      if (value === undefined) change.objectStore("meta").delete(name);
      else change.objectStore("meta").put(value, name);
      return over(change);
    }

    async isNew() {
      return (await this.meta("salt")) === undefined;
    }

    async derived(pin, salt) {
      const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
      const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
      return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    }

    async create(pin) {
      const salt = crypto.getRandomValues(new Uint8Array(16));
      this.key = await this.derived(pin, salt);
      const check = await this.sealed(CHECK);
      const change = this.base.transaction("meta", "readwrite");
      const store = change.objectStore("meta");
      store.add(salt, "salt"); // fails where another tab was first
      store.add(check, "check");
      return over(change);
    }

    // Whether the PIN is the one.
    async unlock(pin) {
      this.key = await this.derived(pin, await this.meta("salt"));
      try {
        return (await this.read(await this.meta("check"))) === CHECK;
      } catch {
        this.key = null;
        return false;
      }
    }

    async sealed(value) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(value));
      return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, text) };
    }

    async read(box) {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, this.key, box.data);
      return JSON.parse(new TextDecoder().decode(text));
    }

    // What is being typed.
    async keep(typed) {
      return this.setMeta("draft", typed === null ? undefined : await this.sealed(typed));
    }

    async kept() {
      const box = await this.meta("draft");
      return box ? this.read(box) : null;
    }

    async spent() {
      return (await this.meta("spent")) || [];
    }

    // Takes the next of the lines (numbers, in order) for a filing, and forgets the draft; undefined when none is left.
    async add(filing, lines) {
      const box = await this.sealed(filing);
      const change = this.base.transaction(["meta", "lines"], "readwrite");
      const meta = change.objectStore("meta");
      let line;
      const before = meta.get("spent");
      before.onsuccess = () => {
        const spent = before.result || [];
        line = lines.find((each) => !spent.includes(each));
        if (line === undefined) return;
        meta.put([...spent, line], "spent");
        meta.delete("draft");
        change.objectStore("lines").add(box, line);
      };
      await over(change);
      return line;
    }

    async waiting() {
      const store = this.base.transaction("lines").objectStore("lines");
      const [keys, boxes] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
      return Promise.all(keys.map(async (line, at) => ({ line, ...(await this.read(boxes[at])) })));
    }

    // What was synchronised leaves no trace but that its line is taken.
    async wipe(line) {
      const change = this.base.transaction("lines", "readwrite");
      change.objectStore("lines").delete(line);
      return over(change);
    }
  }
  return Vault;
})();
