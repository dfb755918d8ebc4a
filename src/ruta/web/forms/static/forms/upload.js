// A file is judged by its size before it is sent, and sent in pieces at once, so that a cut goes on where it stopped.
// The server judges again; without this script, or where the pieces do not get through, the form itself carries the file.
"use strict";
(() => {
  const running = new Map(); // input → its upload

  const say = (input, text, kind) => {
    const id = input.id + "-state";
    let told = document.getElementById(id);
    if (!told) {
      told = document.createElement("p");
      told.id = id;
      input.insertAdjacentElement("afterend", told);
    }
    told.className = kind === "wrong" ? "ds-validation-message" : "small";
    told.setAttribute("role", kind === "wrong" ? "alert" : "status");
    told.textContent = text;
    input.toggleAttribute("aria-invalid", kind === "wrong");
    if (kind === "wrong") input.setAttribute("aria-invalid", "true");
    return told;
  };

  const forget = (input) => {
    running.get(input)?.abort();
    running.delete(input);
    document.getElementById(input.id + "-state")?.remove();
    document.getElementById(input.id + "-upload")?.remove();
    input.removeAttribute("aria-invalid");
    input.name = input.name || input.dataset.name;
  };

  const done = (input, upload, file) => {
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.id = input.id + "-upload";
    sent.name = "upload." + input.name;
    sent.value = new URL(upload.url, location.href).pathname.split("/").filter(Boolean).pop();
    input.insertAdjacentElement("afterend", sent);
    input.dataset.name = input.name;
    input.removeAttribute("name"); // what arrived in pieces is not sent again with the form
    say(input, input.dataset.done.replace("{name}", file.name), "done");
  };

  const begin = (input, file) => {
    const token = input.form?.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    let heard = -1;
    const upload = new tus.Upload(file, {
      endpoint: input.dataset.upload,
      chunkSize: 1024 * 1024,
      retryDelays: [0, 1000, 3000, 8000, 20000, 60000],
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name },
      headers: { "X-CSRFToken": token },
      onShouldRetry: (error) => {
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
        if (status === 0) say(input, input.dataset.paused, "waits");
        return status === 0 || status === 409 || status === 423 || status >= 500 && status !== 503;
      },
      onProgress: (sent, all) => {
        const tenth = Math.floor(sent / all * 10) * 10; // a screen reader hears ten steps, not a thousand
        if (tenth === heard) return;
        heard = tenth;
        say(input, input.dataset.sending.replace("{percent}", tenth), "sending");
      },
      onSuccess: () => { if (running.get(input) === upload) done(input, upload, file); },
      onError: (error) => {
        if (running.get(input) !== upload) return;
        running.delete(input);
        const answer = error.originalResponse;
        const refused = answer && [413, 422, 503].includes(answer.getStatus());
        if (!refused) { document.getElementById(input.id + "-state")?.remove(); return; } // the form will carry it
        say(input, answer.getBody(), "wrong");
        input.value = "";
      },
    });
    running.set(input, upload);
    upload.findPreviousUploads().then((before) => {
      if (before.length) upload.resumeFromPreviousUpload(before[0]);
      upload.start();
    });
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.maxBytes) return;
    forget(input);
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > Number(input.dataset.maxBytes)) {
      say(input, input.dataset.tooLarge ?? "", "wrong");
      input.value = "";
      return;
    }
    if (input.dataset.upload && window.tus?.isSupported) begin(input, file);
  });
})();
