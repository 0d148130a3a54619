// Claims on a phone: files are kept in this browser until they have arrived, one by one with their own progress; keys
// move through the lines. All works without it.
(() => {
  "use strict";

  const LONGEST = 2000;
  const SMALL_ENOUGH = 400 * 1024;
  const QUALITIES = [0.8, 0.7, 0.6, 0.5];
  const REFUSED = [409, 413, 422];
  const FRESH = "new";
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
      let blob = null;
      for (const quality of QUALITIES) {
        blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
        if (!blob || blob.size <= SMALL_ENOUGH) break;
      }
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file;
    }
  };

  // What has not arrived yet is kept in IndexedDB, with the person and the claim it belongs to. Without IndexedDB the
  // page itself is all there is.
  const opened = () =>
    new Promise((done) => {
      try {
        const asked = indexedDB.open("hetao-claims", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("files", { keyPath: "key" });
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => done(null);
      } catch {
        done(null);
      }
    });
  const store = async (mode, act) => {
    const database = await opened();
    if (!database) return null;
    return new Promise((done) => {
      const change = database.transaction("files", mode);
      const asked = act(change.objectStore("files"));
      change.oncomplete = () => { database.close(); done(asked.result); };
      change.onerror = change.onabort = () => { database.close(); done(null); };
    });
  };
  const kept = {
    add: (entry) => store("readwrite", (files) => files.put(entry)),
    drop: (name) => store("readwrite", (files) => files.delete(name)),
    of: async (who, claim) => ((await store("readonly", (files) => files.getAll())) || [])
      .filter((each) => each.who === who && (!claim || each.claim === claim)).sort((a, b) => a.at - b.at),
  };
  const entries = (input, claim) =>
    [...input.files].map((file, index) => ({ key: key(), who: input.dataset.who, claim, file, name: file.name, at: Date.now() + index }));

  const card = (words, name) => {
    const item = document.createElement("li");
    item.className = "rc";
    item.innerHTML =
      '<svg viewBox="0 0 52 64" aria-hidden="true"><path d="M8 8h36v48H8z" fill="#f4f4f1" stroke="#99a"/></svg>' +
      '<div><b></b><br><span class="quiet" role="status"></span></div><div></div><div class="foot2"><progress max="100" value="0"></progress><span class="btns"></span></div>';
    item.querySelector("b").textContent = name;
    item.querySelector("span").textContent = words.held;
    item.querySelector("progress").setAttribute("aria-label", `${words.sending} ${name}`);
    document.getElementById("cards").append(item);
    return item;
  };
  const button = (item, text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "govuk-button govuk-button--secondary small";
    made.textContent = text;
    made.addEventListener("click", act);
    item.querySelector(".btns").append(made);
  };

  // Answers with true once the server has the file; a file that is refused for good is not kept any longer. Each attempt
  // has a key of its own: the server knows a file that has arrived already by its bytes.
  const send = async (input, entry, item, attempt = entry.key) => {
    const say = (text) => { item.querySelector("span").textContent = text; };
    item.classList.remove("bad");
    item.querySelector(".btns").textContent = "";
    say(input.dataset.sending);
    const file = await smaller(entry.file);
    const body = new FormData();
    body.append("csrf_token", form(input).querySelector("[name=csrf_token]").value);
    body.append("idempotency_key", attempt);
    body.append("receipts", file, file.name);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const failed = (text) => {
        item.classList.add("bad");
        say(text || input.dataset.failed);
        button(item, input.dataset.again, async () => { if (await send(input, entry, item, key())) settle(); });
        button(item, input.dataset.drop, async () => { await kept.drop(entry.key); item.remove(); settle(); });
        done(false);
      };
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) item.querySelector("progress").value = Math.round((100 * event.loaded) / event.total);
      });
      request.addEventListener("load", async () => {
        if (request.status < 400 && !request.responseText) {
          await kept.drop(entry.key);
          say(input.dataset.sent);
          item.querySelector("progress").value = 100;
          item.dataset.done = "yes";
          done(true);
        } else if (REFUSED.includes(request.status)) {
          await kept.drop(entry.key);
          failed(request.responseText.slice(0, 300));
        } else failed("");
      });
      request.addEventListener("error", () => failed(""));
      request.addEventListener("timeout", () => failed(""));
      request.open("POST", input.dataset.upload);
      request.setRequestHeader("X-One-File", "yes");
      request.send(body);
    });
  };

  // The page is shown anew once every card made here has arrived or was taken away, and one of them arrived.
  const settle = () => {
    const made = [...document.querySelectorAll("#cards .rc:has(progress)")];
    if (made.length && made.every((each) => each.dataset.done)) location.reload();
  };

  const upload = async (input, found) => {
    const waiting = found.map((entry) => [entry, card(input.dataset, entry.name)]);
    for (const [entry, item] of waiting) await send(input, entry, item);
    settle();
  };
  const chosen = async (input) => {
    const found = entries(input, input.dataset.claim);
    input.value = "";
    await Promise.all(found.map(kept.add));
    await upload(input, found);
  };

  // A claim that was just begun takes over what was chosen for it; then all that is kept for this claim is sent.
  const resume = async (input) => {
    const { who, claim } = input.dataset;
    if (new URLSearchParams(location.search).has("started")) {
      for (const entry of await kept.of(who, FRESH)) await kept.add({ ...entry, claim });
      history.replaceState(null, "", location.pathname);
    }
    const found = await kept.of(who, claim);
    if (found.length) await upload(input, found);
    window.addEventListener("online", () => {
      for (const again of document.querySelectorAll("#cards .rc.bad .btns button:first-child")) again.click();
    });
  };

  // On the page that begins a claim, files are kept at once and sent, one by one, from the page of the claim.
  const begin = (input) => {
    const list = document.getElementById("cards");
    const show = async () => {
      list.textContent = "";
      for (const entry of await kept.of(input.dataset.who, FRESH)) {
        const item = card(input.dataset, entry.name);
        item.querySelector("progress").remove();
        button(item, input.dataset.drop, async () => { await kept.drop(entry.key); show(); });
      }
    };
    input.addEventListener("change", async () => {
      const found = entries(input, FRESH);
      await Promise.all(found.map(kept.add));
      const here = new Set((await kept.of(input.dataset.who, FRESH)).map((each) => each.key));
      if (found.every((each) => here.has(each.key))) input.value = "";
      show();
    });
    show();
  };

  // Elsewhere it is said that something waits to be sent, and where.
  const remind = async (note) => {
    const claims = new Set((await kept.of(note.dataset.who, "")).map((each) => each.claim));
    for (const claim of claims) {
      const link = document.createElement("a");
      link.href = claim === FRESH ? note.dataset.begin : `${note.dataset.unsent}/${claim}`;
      link.textContent = claim === FRESH ? note.dataset.fresh : claim;
      const line = document.createElement("p");
      line.append(link);
      note.querySelector("[data-list]").append(line);
    }
    note.hidden = !claims.size;
  };

  // What was typed into a line is kept in this browser until the page shows a newer version of it.
  const keep = (typed) => {
    const name = `claim ${location.pathname}`;
    const version = [...typed.querySelectorAll("[name=version], [name$='-version']")].map((each) => each.value).join(" ");
    const own = (field) => !["csrf_token", "idempotency_key"].includes(field) && !field.endsWith("version");
    try {
      const before = JSON.parse(localStorage.getItem(name) || "null");
      if (before && before.version === version && !document.querySelector(".govuk-error-summary")) {
        for (const [field, value] of before.fields) {
          for (const input of typed.querySelectorAll(`[name="${field}"]`)) {
            if (input.type === "radio") input.checked = input.value === value;
            else if (input.type !== "hidden") input.value = value;
          }
        }
      } else localStorage.removeItem(name);
      typed.addEventListener("input", () => {
        const fields = [...new FormData(typed)].filter(([field]) => own(field));
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
      input.addEventListener("change", () => chosen(input));
      for (const plain of document.querySelectorAll("[data-plain]")) plain.hidden = true;
      resume(input);
    }
    for (const input of document.querySelectorAll("[data-keep]")) begin(input);
    for (const note of document.querySelectorAll("[data-unsent]")) remind(note);
    const line = document.getElementById("line-form");
    if (line) keep(line);
    const verdicts = document.querySelector("[data-verdicts]");
    if (verdicts) {
      walk(verdicts);
      document.querySelector("[data-keys]").hidden = false;
    }
  });
})();
