// Claims on a phone: files go one by one with their own progress, keys move through the lines. All works without it.
(() => {
  "use strict";

  const LONGEST = 2000;
  const SMALL_ENOUGH = 400 * 1024;
  const form = (element) => element.closest("form");
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  // Photographs are made smaller where the browser can read them; everything else is sent byte for byte.
  const smaller = async (file) => {
    if (!["image/jpeg", "image/png", "image/heic"].includes(file.type) || file.size <= SMALL_ENOUGH) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file;
    }
  };

  const card = (input, name) => {
    const item = document.createElement("li");
    item.className = "rc";
    item.innerHTML =
      '<svg viewBox="0 0 52 64" aria-hidden="true"><path d="M8 8h36v48H8z" fill="#f4f4f1" stroke="#99a"/></svg>' +
      '<div><b></b><br><span class="quiet" role="status"></span></div><div></div><div class="foot2"><progress max="100" value="0"></progress></div>';
    item.querySelector("b").textContent = name;
    item.querySelector("span").textContent = input.dataset.sending;
    item.querySelector("progress").setAttribute("aria-label", `${input.dataset.sending} ${name}`);
    document.getElementById("cards").append(item);
    return item;
  };

  const send = (input, file, item) =>
    new Promise((done) => {
      const body = new FormData();
      body.append("csrf_token", form(input).querySelector("[name=csrf_token]").value);
      body.append("idempotency_key", key());
      body.append("receipts", file, file.name);
      const request = new XMLHttpRequest();
      const failed = (text) => {
        item.classList.add("bad");
        item.querySelector("span").textContent = text || input.dataset.failed;
        const again = document.createElement("button");
        again.type = "button";
        again.className = "govuk-button govuk-button--secondary small";
        again.textContent = input.dataset.again;
        again.addEventListener("click", async () => {
          again.remove();
          item.classList.remove("bad");
          item.querySelector("span").textContent = input.dataset.sending;
          if (await send(input, file, item)) location.reload();
        });
        item.querySelector(".foot2").append(again);
        done(false);
      };
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) item.querySelector("progress").value = Math.round((100 * event.loaded) / event.total);
      });
      const sent = () => {
        item.querySelector("span").textContent = input.dataset.sent;
        item.querySelector("progress").value = 100;
        done(true);
      };
      request.addEventListener("load", () => (request.status < 400 ? sent() : failed(request.responseText.slice(0, 300))));
      request.addEventListener("error", () => failed(""));
      request.open("POST", input.dataset.upload);
      request.setRequestHeader("X-One-File", "yes");
      request.send(body);
    });

  const upload = async (input) => {
    const waiting = [...input.files].map((file) => [file, card(input, file.name)]);
    let all = true;
    for (const [file, item] of waiting) all = (await send(input, await smaller(file), item)) && all;
    input.value = "";
    if (all) location.reload();
  };

  // What was typed into a line is kept in this browser until the page shows a newer version of it.
  const keep = (typed) => {
    const name = `claim ${location.pathname}`;
    const version = typed.querySelector("[name=version]")?.value;
    try {
      const kept = JSON.parse(localStorage.getItem(name) || "null");
      if (kept && kept.version === version && !document.querySelector(".govuk-error-summary")) {
        for (const [field, value] of kept.fields) {
          for (const input of typed.querySelectorAll(`[name="${field}"]`)) {
            if (input.type === "radio") input.checked = input.value === value;
            else if (input.type !== "hidden") input.value = value;
          }
        }
      } else localStorage.removeItem(name);
      typed.addEventListener("input", () => {
        const fields = [...new FormData(typed)].filter(([field]) => !["csrf_token", "idempotency_key", "version"].includes(field));
        localStorage.setItem(name, JSON.stringify({ version, fields }));
      });
    } catch {
      // Without storage the draft on the server is all there is.
    }
  };

  const walk = (list) => {
    const lines = [...list.querySelectorAll(".sheet--check")];
    let at = -1;
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "radio") return;
      const pressed = event.key.toLowerCase();
      if (pressed === "j" || pressed === "k") {
        at = Math.max(0, Math.min(lines.length - 1, at + (pressed === "j" ? 1 : -1)));
        lines[at].focus();
        lines[at].scrollIntoView({ block: "start" });
      } else if (at >= 0 && ["1", "2", "3"].includes(pressed)) {
        lines[at].querySelector(`[data-key="${pressed}"]`).checked = true;
        if (pressed !== "1") lines[at].querySelector("[name$=reason]").focus();
      } else return;
      event.preventDefault();
    });
    for (const [index, line] of lines.entries()) line.addEventListener("focusin", () => { at = index; });
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("[data-upload]")) {
      input.addEventListener("change", () => upload(input));
      for (const plain of document.querySelectorAll("[data-plain]")) plain.hidden = true;
    }
    for (const input of document.querySelectorAll("[data-shrink]")) {
      input.addEventListener("change", async () => {
        const small = new DataTransfer();
        for (const file of [...input.files]) small.items.add(await smaller(file));
        input.files = small.files;
      });
    }
    const line = document.getElementById("line-form");
    if (line) keep(line);
    const verdicts = document.querySelector("[data-verdicts]");
    if (verdicts) {
      walk(verdicts);
      document.querySelector("[data-keys]").hidden = false;
    }
  });
})();
