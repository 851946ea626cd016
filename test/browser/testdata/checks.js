// What the sweeps ask of a page that stands. Evaluated through the DevTools protocol, so the page's own policy stays as it is.
globalThis.essaimChecks = (() => {
  const interactive = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const spot = e => {
    let name = e.localName;
    if (e.id) name += "#" + e.id;
    else if (typeof e.className === "string" && e.className) name += "." + e.className.trim().split(/\s+/).join(".");
    const text = (e.getAttribute("aria-label") || e.textContent || e.getAttribute("name") || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const parent = e.parentElement && e.parentElement !== document.body ? e.parentElement.localName + (e.parentElement.className && e.parentElement.className.trim ? "." + e.parentElement.className.trim().split(/\s+/)[0] : "") + " > " : "";
    return parent + name + (text ? ` “${text}”` : "");
  };
  const shown = e => e.checkVisibility({ visibilityProperty: true }) && [...e.getClientRects()].some(r => r.width > 0 && r.height > 0);
  const every = () => [...document.querySelectorAll(interactive)].filter(e => shown(e) && !e.disabled);

  // Things that reach past the window, but for those in a box that scrolls by itself.
  const overflow = () => {
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    const contained = e => {
      for (let p = e.parentElement; p; p = p.parentElement) if (p !== document.body && p !== document.documentElement && getComputedStyle(p).overflowX !== "visible") return true;
      return false;
    };
    const right = e => { // its box, or its words when they leave the box
      const words = document.createRange();
      return Math.max(e.getBoundingClientRect().right, ...[...e.childNodes].filter(n => n.nodeType === 3 && n.data.trim()).map(n => { words.selectNodeContents(n); return words.getBoundingClientRect().right; }));
    };
    const wide = [...document.body.querySelectorAll("*")].filter(e => right(e) > width + 0.5 && shown(e) && !contained(e));
    const deepest = wide.filter(e => !wide.some(o => o !== e && e.contains(o)));
    return [`the page is ${document.scrollingElement.scrollWidth} px wide in a window of ${width}`, ...deepest.slice(0, 4).map(spot)];
  };

  // Targets under 24 px, but for links inside a sentence (WCAG 2.5.8, ui-C1).
  const small = () => every().filter(e => {
    const box = e.getBoundingClientRect();
    let { width, height } = box;
    if (e.matches(".skip-link")) return false;
    for (const pseudo of ["::after", "::before"]) { // a link stretched over its card
      const s = getComputedStyle(e, pseudo);
      if (s.content !== "none" && s.position === "absolute") { width = Math.max(width, parseFloat(s.width) || 0); height = Math.max(height, parseFloat(s.height) || 0); }
    }
    if (e.labels) for (const l of e.labels) { const b = l.getBoundingClientRect(); width = Math.max(width, b.width); height = Math.max(height, b.height); }
    if (width >= 23.9 && height >= 23.9) return false;
    if (e.localName === "a" && getComputedStyle(e).display === "inline") {
      const around = e.closest("p, li, dd, dt, td, th, figcaption, small, span, h1, h2, h3, h4, time, label, div");
      const rest = [...(around ? around.childNodes : [])].filter(n => n !== e && !n.contains(e)).map(n => n.textContent).join("").trim();
      if (rest || e.closest(".text, p")) return false;
    }
    return true;
  }).map(e => { const b = e.getBoundingClientRect(); return `${spot(e)} is ${Math.round(b.width)} by ${Math.round(b.height)} px`; });

  const ring = e => { // in a drawing, a stroke does what an outline does on a page
    const drawn = e.ownerSVGElement ? [...e.children].map(c => { const s = getComputedStyle(c); return [s.stroke, s.strokeWidth].join(); }) : [];
    return ["", "::after", "::before"].map(p => { const s = getComputedStyle(e, p || null); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow].join(); }).concat(drawn).join("|");
  };

  // What Tab goes through: the tests press it, this keeps what got the focus and whether it shows. One radio of a group is enough.
  let rest = new Map(), went = [], dull = [], hidden = [];
  const stuck = e => { for (let p = e; p; p = p.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(p).position)) return p; };
  const covered = e => { // wholly, by a bar that stays while the page moves (WCAG 2.4.11)
    const r = e.getClientRects()[0];
    if (!r) return false;
    const over = [[.5, .5], [.05, .1], [.95, .1], [.05, .9], [.95, .9]].map(([x, y]) => document.elementFromPoint(r.left + r.width * x, r.top + r.height * y)).filter(Boolean);
    const own = o => o === e || e.contains(o) || o.contains(e);
    return over.length > 0 && !over.some(own) && over.some(o => stuck(o) && stuck(o) !== stuck(e));
  };
  const arrive = event => {
    const e = event.target;
    went.push(e);
    if (rest.has(e) && rest.get(e) === ring(e) && !dull.includes(e)) dull.push(e);
  };
  const glance = () => { const e = document.activeElement; if (e && e !== document.body && covered(e) && !hidden.includes(e)) hidden.push(e); return true; };
  const follow = () => {
    const top = document.createElement("a"); // where the focus was is forgotten: Tab begins at the top
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
    scrollTo(0, 0);
    rest = new Map(every().map(e => [e, ring(e)]));
    went = []; dull = []; hidden = [];
    document.removeEventListener("focusin", arrive, true);
    document.addEventListener("focusin", arrive, true);
    const parts = [...rest.keys()].filter(e => /^(date|time|datetime-local|month|week)$/.test(e.type)).length; // Tab stops at each part of a date
    return rest.size + 6 * parts;
  };
  const followed = () => {
    const missed = [...rest.keys()].filter(e => !went.includes(e) && !(e.type === "radio" && went.some(o => o.type === "radio" && o.name === e.name && o.form === e.form)) && shown(e));
    return [...missed.map(e => "Tab never comes to " + spot(e)), ...dull.map(e => "the focus is not seen on " + spot(e)),
      ...hidden.map(e => "what has the focus is covered: " + spot(e))];
  };
  const first = () => went.length ? spot(went[0]) : "";
  const arrived = () => document.activeElement && document.activeElement.id;

  // The ways on from a page: what links of its main part and forms lead to. With and without scripts they are the same.
  const ways = () => [...new Set([
    ...[...document.querySelectorAll("main a[href], nav a[href]")].filter(e => !e.closest("dialog") && shown(e)).map(e => "link " + e.getAttribute("href")),
    ...[...document.querySelectorAll("form")].filter(e => !e.closest("dialog") && shown(e)).map(e => "form " + e.method + " " + e.getAttribute("action") + " " + [...e.elements].map(f => f.name).filter(Boolean).join(",")),
  ])];

  const details = open => { const all = [...document.querySelectorAll("details")]; for (const d of all) d.open = open; return all.length; };
  const dialogs = () => [...document.querySelectorAll("dialog")].map((d, i) => i);
  const dialog = (i, open) => { const d = document.querySelectorAll("dialog")[i]; if (open && !d.open) d.showModal(); if (!open && d.open) d.close(); return d.open; };
  const zoom = percent => { document.documentElement.style.fontSize = percent === 100 ? "" : percent + "%"; return true; };

  const axe = async (rules, within) => {
    const options = { resultTypes: ["violations"], preload: false, elementRef: false };
    if (rules.length) options.runOnly = { type: "rule", values: rules };
    else options.runOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
    const result = await globalThis.axe.run(within ? { include: [[within]] } : document, options);
    return result.violations.flatMap(v => v.nodes.slice(0, 4).map(n => `${v.id} (${v.help}): ${n.target.flat().join(" ")} ${n.any.concat(n.all, n.none).map(c => c.message).slice(0, 1).join()}`));
  };

  return { overflow, small, follow, followed, glance, first, arrived, ways, details, dialogs, dialog, zoom, axe };
})();
true;
