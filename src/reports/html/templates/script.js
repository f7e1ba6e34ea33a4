"use strict";
// The page works without this script, which filters, sorts and shows one failure at a time. It reads the page, asks
// nothing of the network, and writes text only as text. What is long stands in the page as text, and what is very long is
// packed, until it is asked for: it is then read as the browser would have read it, so that the first screen waits for nothing
// else. The page of a failure is an element, or its source while nobody opened it.
document.documentElement.classList.add("js");
addEventListener("DOMContentLoaded", () => {
  const get = id => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const failures = new Map(all("article.failure").map(one => [one.id, one]));
  const list = get("list"), query = get("query"), sort = get("sort");
  if (!query) return;
  const chips = all("[data-chip]");
  let rows = all(".row"), inOrder = rows.slice();
  const gridRows = all(".grow"), title = document.title;
  const texts = new Map();
  let listAddress = "", shown = rows, open = null;
  for (const one of [document.querySelector(".find"), document.querySelector(".keys")]) one.hidden = false;
  const number = (row, key) => Number(row.dataset[key]);
  const orders = {
    often: null,
    last: (a, b) => number(b, "last") - number(a, "last"),
    new: (a, b) => number(b, "first") - number(a, "first"),
    name: (a, b) => a.firstChild.textContent.localeCompare(b.firstChild.textContent),
  };

  for (const one of all("noscript.waits")) {
    failures.set(one.dataset.id, one.textContent);
    one.remove();
  }
  let packed = get("packed"), unpacking = null;

  // Does something once the page of each failure is there.
  function withPages(act) {
    if (!packed) return act();
    unpacking ||= unpack();
    unpacking.then(act, () => { get("count").textContent = "This browser cannot unpack the pages of failures."; });
  }

  async function unpack() {
    const bytes = Uint8Array.from(atob(packed.content.textContent), letter => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    for (const [id, source] of Object.entries(await new Response(plain).json())) failures.set(id, source);
    packed = null;
  }

  // Returns as elements what waits as text; nothing in it can run.
  const parsed = source => [...new DOMParser().parseFromString(source, "text/html").body.childNodes];

  function failureOf(id) {
    const source = failures.get(id);
    if (typeof source === "string") {
      get("failures").append(...parsed(source));
      failures.set(id, get(id));
    }
    return failures.get(id);
  }

  // Adds the rows that wait.
  function completeList() {
    const rest = list.querySelector("noscript");
    if (!rest) return;
    rest.replaceWith(...parsed(rest.textContent));
    rows = all(".row");
    inOrder = rows.slice();
    shown = rows;
  }

  // The words of a failure that waits: what its tags stand round, with the letters that stand for others.
  const letters = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
  const bare = source => source.replace(/<[^>]*>/g, "").replace(/&(?:lt|gt|quot|#39|amp);/g, one => letters[one]);

  // All that can be searched of one failure: its row and its page.
  function words(row) {
    const id = row.dataset.id;
    if (!texts.has(id)) {
      const one = failures.get(id) || "", own = typeof one === "string" ? bare(one) : one.textContent;
      texts.set(id, (row.textContent + own + id).toLowerCase());
    }
    return texts.get(id);
  }

  function filter() {
    const asked = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const pressed = chips.filter(chip => chip.ariaPressed === "true").map(chip => chip.dataset.chip);
    const fits = row => pressed.every(chip => row.dataset.chips.split(" ").includes(chip))
      && (!asked.length || asked.every(word => words(row).includes(word)));
    const order = orders[sort.value], every = !asked.length && !pressed.length;
    if (order || !every) completeList();
    // Until the pages are there the rows are searched, and then all.
    if (packed && asked.length) withPages(() => { texts.clear(); filter(); });
    const sorted = order ? inOrder.slice().sort(order) : inOrder;
    if (list.firstElementChild !== sorted[0] || order || list.dataset.sorted) list.append(...sorted);
    list.dataset.sorted = order ? "1" : "";
    shown = sorted.filter(fits);
    const ids = new Set(shown.map(row => row.dataset.id));
    for (const row of rows) row.hidden = !ids.has(row.dataset.id);
    for (const row of gridRows) row.hidden = !every && !row.dataset.of.split(" ").some(id => ids.has(id));
    for (const grid of all("details.grid")) grid.hidden = all(".grow", grid).every(row => row.hidden);
    for (const more of all("details.grids")) more.hidden = all("details.grid", more).every(grid => grid.hidden);
    get("count").textContent = shown.length === rows.length ? "" : `${shown.length} of ${rows.length} shown`;
    get("nothing").hidden = shown.length > 0;
    const state = new URLSearchParams();
    if (query.value) state.set("q", query.value);
    if (pressed.length) state.set("only", pressed.join(","));
    if (order) state.set("sort", sort.value);
    listAddress = state.size ? `#${state}` : "#";
  }

  function remember() {
    filter();
    if (!open) history.replaceState(null, "", listAddress === "#" ? location.pathname + location.search : listAddress);
  }

  function restore(state) {
    query.value = state.get("q") || "";
    const only = (state.get("only") || "").split(",");
    for (const chip of chips) chip.ariaPressed = only.includes(chip.dataset.chip) ? "true" : "false";
    sort.value = state.get("sort") in orders ? state.get("sort") : "often";
    filter();
  }

  // Shows what the address names: a failure, a place of it in one run, a run, or the list as it was filtered.
  function route() {
    const [id, run] = location.hash.slice(1).split("/");
    if (packed && /^[0-9a-f]{8,}$/.test(id)) return withPages(route);
    const failure = failureOf(id);
    if (open) open.classList.remove("open");
    open = failure || null;
    document.body.classList.toggle("one", Boolean(failure));
    if (failure) {
      complete(failure);
      failure.classList.add("open");
      document.title = `${failure.querySelector("h2").textContent}: ndlog`;
      for (const place of all("[data-run]", failure)) place.classList.toggle("at", place.dataset.run === run);
      const place = run && failure.querySelector(".places .at");
      if (place) place.scrollIntoView({ block: "center" }); else scrollTo(0, 0);
      failure.focus({ preventScroll: true });
      return;
    }
    document.title = title;
    if (/^r\d+$/.test(id)) showRun(id);
    else if (id !== "list" && !get(id)) restore(new URLSearchParams(location.hash.slice(1)));
  }

  // A run of the list.
  function runOf(id) {
    const waiting = document.querySelector("#runs > noscript");
    if (waiting) waiting.replaceWith(...parsed(waiting.textContent));
    return get(id);
  }

  function showRun(id) {
    const run = runOf(id);
    if (!run) return;
    get("runs").open = true;
    for (const other of all(".runs .at")) other.classList.remove("at");
    run.classList.add("at");
    run.scrollIntoView({ block: "center" });
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", () => act(made));
    return made;
  }

  // Adds to a page of a failure, when it is first shown, what needs this script.
  function complete(failure) {
    if (failure.querySelector(".tools")) return;
    const tools = document.createElement("p");
    tools.className = "tools";
    tools.append(button("← All failures", () => { location.hash = listAddress; }),
      button("Copy as issue", made => copy(made, issue(failure))),
      button("Copy as message", made => copy(made, message(failure))));
    const command = failure.querySelector(".command");
    if (command) tools.append(button("Copy command", made => copy(made, command.textContent)));
    failure.prepend(tools);
  }

  const text = (within, selector) => {
    const found = within.querySelector(selector);
    return found ? found.textContent.replace(/\s+/g, " ").trim() : "";
  };
  const figures = failure => text(failure, ".figures > span:first-child");

  // Markdown in which nothing of a log acts: names in code spans, lines in a fence longer than any in them.
  function issue(failure) {
    const span = words => {
      const ticks = "`".repeat(1 + Math.max(0, ...(words.match(/`+/g) || []).map(run => run.length)));
      return `${ticks} ${words} ${ticks}`;
    };
    const lines = all(".lines li", failure.querySelector(".log")).map(line => {
      const copy = line.cloneNode(true);
      for (const time of all("time", copy)) time.remove();
      return copy.textContent.trimEnd();
    });
    const fence = "`".repeat(Math.max(3, ...(lines.join("\n").match(/`+/g) || []).map(run => run.length + 1)));
    const part = (name, words) => (words ? `\n${name}: ${span(words)}\n` : "");
    return `### ${span(text(failure, "h2"))}\n${part("Message", text(failure, ".message"))}`
      + part("How often", figures(failure)) + part("Why, probably", text(failure, ".why"))
      + part("Next", text(failure, ".next")) + part("Seen in", text(failure, ".log figcaption"))
      + (lines.length ? `\n${fence}\n${lines.join("\n")}\n${fence}\n` : "")
      + part("Reproduce", text(failure, ".command")) + `\nndlog id ${span(failure.id)}\n`;
  }

  function message(failure) {
    const parts = [text(failure, "h2"), text(failure, ".message"), figures(failure), text(failure, ".why"),
      text(failure, ".log figcaption"), failure.id.slice(0, 8)];
    return parts.filter(Boolean).join("\n");
  }

  async function copy(made, words) {
    const label = made.dataset.label || (made.dataset.label = made.textContent);
    let done = true;
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      const area = document.createElement("textarea");
      area.value = words;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    made.textContent = done ? "Copied" : "Not allowed to copy";
    setTimeout(() => { made.textContent = label; }, 1500);
  }

  // The grid: a column is a run. The pointer or the arrow keys choose one, a click or Enter opens its lines.
  for (const grid of all("details.grid")) {
    const columns = grid.dataset.columns.split(" ");
    const at = grid.querySelector(".at"), scroll = grid.querySelector(".scroll");
    const describe = (column, row) => {
      const run = runOf(`r${columns[column]}`);
      if (run) at.textContent = `${text(row, "a")}, run ${column + 1} of ${columns.length}: the run ${text(run, "b")} · ${text(run, "small") || text(run, "code")}`;
    };
    const go = (column, row) => withPages(() => {
      const ids = row.dataset.of.split(" ");
      const failed = ids.find(id => failureOf(id).querySelector(`.places [data-run="${columns[column]}"]`));
      location.hash = failed ? `${failed}/${columns[column]}` : `r${columns[column]}`;
    });
    for (const row of all(".grow", grid)) {
      const strip = row.querySelector("svg");
      let chosen = columns.length - 1;
      const under = event => {
        const box = strip.getBoundingClientRect();
        return Math.min(columns.length - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * columns.length)));
      };
      strip.setAttribute("tabindex", "0");
      strip.addEventListener("pointermove", event => describe(under(event), row));
      strip.addEventListener("click", event => go(under(event), row));
      strip.addEventListener("focus", () => describe(chosen, row));
      strip.addEventListener("keydown", event => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (event.key === "Enter") return go(chosen, row);
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          let next = row;
          do next = event.key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
          while (next && next.hidden);
          if (next) next.querySelector("svg").focus();
          event.preventDefault();
        }
        if (!step) return;
        event.preventDefault();
        chosen = Math.min(columns.length - 1, Math.max(0, chosen + step));
        describe(chosen, row);
      });
    }
    scroll.scrollLeft = scroll.scrollWidth;
  }

  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape") {
      if (open) location.hash = listAddress;
      else if (typing) { query.value = ""; remember(); event.target.blur(); }
    } else if (!typing && event.key === "/") {
      event.preventDefault();
      if (open) location.hash = listAddress;
      query.focus();
    } else if (!typing && (event.key === "j" || event.key === "k")) {
      const here = open ? shown.findIndex(row => row.dataset.id === open.id)
        : shown.findIndex(row => row.contains(document.activeElement));
      const next = shown[Math.max(0, here + (event.key === "j" ? 1 : -1))];
      if (!next) return;
      if (open) location.hash = next.dataset.id;
      else next.firstChild.focus();
    }
  });

  get("runs").addEventListener("toggle", () => { runOf(""); });
  query.addEventListener("input", remember);
  sort.addEventListener("change", remember);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.ariaPressed = chip.ariaPressed === "true" ? "false" : "true";
      remember();
    });
  }
  get("clear").addEventListener("click", () => { restore(new URLSearchParams()); remember(); query.focus(); });
  addEventListener("hashchange", route);
  filter();
  route();
  // Once the first screen is there.
  setTimeout(completeList, 100);
});
