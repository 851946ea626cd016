// How a story finds things: by what a person reads on them, not by how the page is made.
globalThis.essaimPerson = (() => {
  const plain = s => (s || "").replace(/[\s  ]+/g, " ").trim();
  const shown = e => e.checkVisibility({ visibilityProperty: true });
  const words = n => n.nodeType === 3 ? n.data : n.nodeType === 1 && n.getAttribute("aria-hidden") !== "true" ? [...n.childNodes].map(words).join("") : "";
  const name = e => {
    const labelled = e.getAttribute("aria-labelledby");
    if (labelled) return plain(labelled.split(/\s+/).map(id => document.getElementById(id)?.textContent).join(" "));
    if (e.getAttribute("aria-label")) return plain(e.getAttribute("aria-label"));
    if (e.labels && e.labels.length) return plain([...e.labels].map(l => [...l.childNodes].filter(n => !(n.nodeType === 1 && n.matches("input, select, textarea"))).map(n => n.textContent).join("")).join(" "));
    if (e.localName === "input") return plain(e.value);
    return plain(words(e));
  };
  // The best match: the same name, else a name that begins so, else one that holds it.
  const find = (selector, label) => {
    const want = plain(label), all = [...document.querySelectorAll(selector)].filter(e => shown(e) && !e.disabled);
    const top = [...document.querySelectorAll("dialog[open]")].pop();
    const among = top ? all.filter(e => top.contains(e)) : all;
    for (const fits of [n => n === want, n => n.startsWith(want), n => n.includes(want)]) {
      const hits = among.filter(e => fits(name(e)));
      const inMain = hits.find(e => e.closest("main, dialog"));
      if (inMain || hits.length) return inMain || hits[0];
    }
    throw new Error(`nothing here is called “${label}”; there is: ` + among.map(name).filter(Boolean).slice(0, 60).join(" | "));
  };
  const buttons = "a[href], button, summary, input[type=submit], input[type=radio], input[type=checkbox], [role=button]";
  const fields = "input:not([type=hidden]):not([type=submit]):not([type=radio]):not([type=checkbox]), textarea, select";
  const place = e => {
    e.scrollIntoView({ block: "center" });
    const box = [...e.getClientRects()].find(r => r.width && r.height) || e.labels?.[0]?.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const spot = label => { globalThis.essaimHere = true; return place(find(buttons, label)); };
  const tick = label => { const e = find("input[type=radio], input[type=checkbox]", label); return place(e.labels?.length && e.getBoundingClientRect().width < 4 ? e.labels[0] : e); };
  const focus = label => { const e = find(fields, label); e.scrollIntoView({ block: "center" }); e.focus(); if (e.select) e.select(); return true; };
  const pick = (label, option) => {
    const e = find("select", label), o = [...e.options].find(o => plain(o.textContent) === plain(option)) || [...e.options].find(o => plain(o.textContent).startsWith(plain(option)));
    if (!o) throw new Error(`“${label}” has no “${option}” but ` + [...e.options].map(o => plain(o.textContent)).slice(0, 20).join(" | "));
    e.value = o.value;
    e.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  const holds = label => { const e = find(fields, label); return e.localName === "select" ? plain(e.selectedOptions[0]?.textContent) : e.value; };
  const reads = () => plain(document.body.innerText);
  const here = () => { globalThis.essaimHere = true; return active(); };
  const active = () => document.activeElement && document.activeElement !== document.body ? name(document.activeElement) : "";
  return { spot, tick, focus, pick, holds, reads, here, active };
})();
true;
