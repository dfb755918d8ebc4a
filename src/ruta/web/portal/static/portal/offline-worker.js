// Keeps the page that checks without a network. Static files: from the cache. Pages: from the network; without it,
// the page of the check, also for /v/… which a scanned QR opens.
const CACHE = "ruta-offline-1";
const PAGE = "/verificar/sin-conexion/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(PAGE)) || Response.error();
  }
}

async function file(request) {
  return (await caches.match(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});
