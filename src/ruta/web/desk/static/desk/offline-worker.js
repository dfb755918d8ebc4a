// Serves the pages of devices without a network. Each page fills its own cache (`ruta-device-…`, versioned by its assets);
// nothing else is kept or answered from here.
"use strict";
const OURS = "ruta-device-";
const PATIENCE = 4000; // milliseconds: a network that does not answer is none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function kept(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(OURS)) continue;
    const found = await (await caches.open(name)).match(request);
    if (found) return found;
  }
  return undefined;
}

async function page(request) {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    return await fetch(request.url, { signal: given.signal, credentials: "same-origin", redirect: "manual" });
  } catch {
    return (await kept(request.url)) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  return (await kept(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (address.pathname.startsWith("/static/") || request.destination === "manifest") event.respondWith(file(request));
});
