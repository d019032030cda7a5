// Tables. A column: {name, value(row), text(row), wide, left}; the first is the head of its row.
// A long name breaks after "_", "." and "/" before it breaks elsewhere.
function breakable(name) {
  return name.split(/(?<=[_./])/).flatMap((part, i) => (i ? [element("wbr"), part] : [part]));
}

function cell(column, row, first) {
  const content = column.node ? column.node(row) : column.text ? column.text(row) : grouped(column.value(row));
  const kind = column.wide ? "wide" : column.left ? "text" : "";
  if (first) return element("th", { scope: "row", title: column.text(row) }, ...breakable(content));
  return element("td", kind ? { class: kind } : {}, content);
}

function makeTable(into, caption, columns, rows, sortable) {
  if (rows.length === 0) {
    into.append(element("p", { class: "empty" }, "There are none."));
    return;
  }
  const body = element("tbody");
  const draw = (list) => body.replaceChildren(...list.map((row) =>
    element("tr", {}, ...columns.map((column, i) => cell(column, row, i === 0)))));
  const heads = columns.map((column, i) => element("th", { scope: "col", ...(column.left || i === 0 ? { class: "text" } : {}) }, column.name));
  if (sortable) heads.forEach((head, i) => addSorting(heads, head, columns[i], i === 0, rows, draw));
  const table = element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, ...heads)), body);
  into.append(element("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption }, table));
  draw(rows);
}

// A button in the head sorts by its column: numbers fall first, names rise first.
function addSorting(heads, head, column, isName, rows, draw) {
  const button = element("button", { type: "button" }, column.name);
  const key = column.value ?? column.text;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const now = head.getAttribute("aria-sort");
    const next = now === null ? (isName ? "ascending" : "descending") : now === "ascending" ? "descending" : "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", next);
    const sign = next === "ascending" ? 1 : -1;
    const order = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
    draw([...rows].sort((a, b) => sign * order(a, b)));
    byId("announce").textContent = `Sorted by ${column.name}, ${next}`;
  });
}

// A bar of parts [name, color, amount] of a whole; its text is said by the columns beside it.
function bar(parts, whole, tall) {
  const spans = parts.filter(([, , amount]) => amount > 0).map(([name, color, amount]) =>
    element("span", { style: `width: ${(100 * amount / whole).toFixed(3)}%; background: var(${color})`, title: `${name}: ${percent(amount, whole)}` }));
  return element("div", { class: tall ? "bar tall" : "bar", "aria-hidden": "true" }, ...spans);
}

// Percent of each of equal parts of the latency, as columns; said by the share beside it.
function overTime(parts) {
  const svg = shape("svg", { class: "spark", viewBox: `0 0 ${parts.length} 100`, preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(shape("path", { class: "fill", d: parts.map((p, i) => `${i ? "" : "M0 100"}V${100 - p}H${i + 1}`).join("") + "V100Z" }));
  return svg;
}

const coreParts = [["computing", "--b0", "busy"], ["idle, data on its way", "--b1", "loading"],
  ["idle, a link or port of its next data taken by others", "--b5", "queued"],
  ["idle, waiting for other cores or space", "--b2", "waiting"], ["before its first tile", "--b3", "before"],
  ["after its last tile", "--b4", "after"]];

function showCores() {
  const cores = data.cores.filter((core) => core.compute);
  byId("core-legend").append(...coreParts.map(([name, color]) => legendItem(color, name)));
  const part = (name, key) => ({ name, value: (c) => c[key], text: (c) => percent(c[key], data.latency) });
  makeTable(byId("core-table"), "How each core spends the latency", [
    { name: "Core", text: (c) => c.name },
    { name: "Share of the latency", wide: true, left: true, node: (c) => bar(coreParts.map(([name, color, key]) => [name, color, c[key]]), data.latency) },
    { name: "Computing over time", wide: true, left: true, node: (c) => overTime(c.over) },
    part("Computing", "busy"), part("Data on its way", "loading"), part("Link or port taken", "queued"), part("Waiting", "waiting"), part("Before", "before"), part("After", "after"),
    { name: "Cycles", value: (c) => c.busy }, { name: "Tiles", value: (c) => c.cts }], cores, false);
}

function showLinks() {
  const used = data.resources.filter((r) => r.peak > 0).sort((a, b) => b.link - a.link || b.use - a.use);
  makeTable(byId("link-table"), "Bandwidth of links and memory ports that carry something", [
    { name: "Link or port", text: (r) => r.name },
    { name: "Kind", left: true, text: (r) => (r.link ? "link" : "port") },
    { name: "Mean use", wide: true, left: true, node: (r) => bar([["mean use", "--b0", r.use]], 1) },
    { name: "Over time", wide: true, left: true, node: (r) => overTime(r.over ?? []) },
    { name: "Mean", value: (r) => r.use, text: (r) => percent(r.use) },
    { name: "Peak", value: (r) => r.peak, text: (r) => percent(r.peak, r.width) },
    { name: "Width [bits/cycle]", value: (r) => r.width }], used, false);
  makeTable(byId("traffic-table"), "What is read from and written to off-chip memory", [
    { name: "Data", text: (t) => t[0] },
    { name: "Read", text: (t) => bytes(t[1]) }, { name: "of it again", text: (t) => bytes(t[3]) },
    { name: "Written", text: (t) => bytes(t[2]) }], data.traffic, false);
}

function showLayers() {
  const total = (layer) => layer.computeFj + layer.transferFj;
  const busy = sum(data.layers.map((layer) => layer.cycles));
  const all = sum(data.layers.map(total));
  makeTable(byId("layer-table"), `${data.layers.length} layers, in program order until sorted`, [
    { name: "Layer", text: (l) => l.name }, { name: "Operator", left: true, text: (l) => l.op },
    { name: "Stack", value: (l) => l.stack }, { name: "Tiles", value: (l) => l.cts },
    { name: "Core cycles", value: (l) => l.cycles }, { name: "of all", value: (l) => l.cycles, text: (l) => percent(l.cycles, busy) },
    { name: "First cycle", value: (l) => l.first }, { name: "Last cycle", value: (l) => l.last },
    { name: "Energy", value: total, text: (l) => energy(total(l)) }, { name: "of all", value: total, text: (l) => percent(total(l), all) },
    { name: "by transfers", value: (l) => l.transferFj, text: (l) => percent(l.transferFj, total(l)) },
    { name: "Moved", value: (l) => l.moved, text: (l) => bytes(l.moved) },
    { name: "Off-chip read", value: (l) => l.read, text: (l) => bytes(l.read) },
    { name: "Off-chip written", value: (l) => l.written, text: (l) => bytes(l.written) }], data.layers, true);
}
