// What scripts add to pages that work without any (law 7): a busy button, drafts kept while they are written, news told politely, a handle copied.

const wait = 400; // ms before a button says that it is working

// A form is sent once: its button says so when the answer is slow, and a second click does nothing.
addEventListener("submit", (e) => {
  const form = e.target, button = e.submitter;
  if (form.method !== "post" || e.defaultPrevented) return;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => button?.setAttribute("aria-busy", "true"), wait);
});

// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const b of document.querySelectorAll("[aria-busy]")) b.removeAttribute("aria-busy");
});

document.getElementById("faults")?.focus();

// What is typed is kept on the server a few seconds after the last key, and when the page is left.
for (const form of document.querySelectorAll("form[data-draft]")) {
  let timer, kept = "";
  const save = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "jeton") data.append(name, value);
    const now = data.toString();
    if (now === kept || form.dataset.sent) return;
    kept = now;
    data.append("formulaire", location.pathname + location.search);
    data.append("action", "garder");
    fetch("/brouillons", { method: "POST", body: data, keepalive: now.length < 50000 }).then((r) => {
      const said = form.querySelector("[data-kept]");
      if (said) said.hidden = !r.ok;
    }, () => { kept = ""; });
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 4000); });
  addEventListener("pagehide", () => { if (timer) save(); });
}

// The timeline never moves by itself: it says how much is new, as a link.
for (const news of document.querySelectorAll("[data-news]")) {
  setInterval(async () => {
    if (document.hidden) return;
    const r = await fetch(news.dataset.news).catch(() => null);
    const told = r?.ok && await r.json();
    if (!told?.count) return;
    const link = Object.assign(document.createElement("a"), { href: news.dataset.page, textContent: told.text });
    news.replaceChildren(link);
    news.hidden = false;
  }, 60000);
}

// A handle is copied by its button, which only exists where that works.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}

// A link to a page that asks one thing opens as a dialog on this one; Escape and a click beside it close it.
for (const link of document.querySelectorAll("a[data-dialog]")) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) continue;
  link.addEventListener("click", (e) => { e.preventDefault(); dialog.showModal(); });
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
}
