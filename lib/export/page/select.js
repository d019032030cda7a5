// What is selected, in words.
function facts(pairs) {
  return element("dl", {}, ...pairs.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function tileFacts(id) {
  const c = data.cts, layer = data.layers[c.layer[id]];
  return [["Layer", `${layer.name}${layer.op ? ` (${layer.op})` : ""}`], ["Core", data.cores[c.core[id]].name],
    ["Cycles", `${grouped(c.start[id])} to ${grouped(c.start[id] + c.cycles[id])} (${grouped(c.cycles[id])})`], ["Writes", `${data.tensors[c.tensor[id]][0]} ${boxText(c.shape[id], c.at[id], c.tensor[id])}`],
    ["Kernel", data.kernels[c.kernel[id]]], ["Energy", energy(c.fj[id])], ["Stack", String(layer.stack)], ...streamFacts(id)];
}

// What the tile reads from off-chip, or writes there, while it runs.
function streamFacts(id) {
  return data.streams.filter((s) => s[0] === id).map(([, operand, tensor, read, written, fj]) => [`Streams ${operand}`,
    `${data.tensors[tensor][0]}: ${[read ? `${grouped(read)} bits/cycle from off-chip` : "", written ? `${grouped(written)} bits/cycle to off-chip` : ""]
      .filter((text) => text).join(", ")} (${energy(fj)})`]);
}

function tileName(id) {
  return id < 0 ? "none" : `tile ${id} of ${data.layers[data.cts.layer[id]].name} on ${data.cores[data.cts.core[id]].name}`;
}

function transferFacts(id) {
  const t = data.transfers, [source, targets, resources] = data.routes[t.route[id]];
  const bits = transferBits(id);
  return [["Data", `${data.tensors[t.tensor[id]][0]} ${boxText(t.shape[id], t.at[id], t.tensor[id])}`], ["Size", bytes(bits)],
    ["From", data.memories[source].name], ["To", targets.map((i) => data.memories[i].name).join(", ")],
    ["Over", resources.map((i) => data.resources[i].name).join(", ") || "no link"],
    ["Cycles", `${grouped(t.start[id])} to ${grouped(t.start[id] + t.cycles[id])} (${grouped(t.cycles[id])})`], ["Rate", `${grouped(t.rate[id])} bits/cycle`],
    ["Written by", t.writer[id] < 0 ? ["input", "constant", "", ""][data.tensors[t.tensor[id]][1]] : tileName(t.writer[id])],
    ["Feeds first", tileName(t.reader[id])], ["Energy", energy(t.fj[id])]];
}

function showDetails() {
  const event = view.selected, into = byId("details");
  if (!event) {
    into.replaceChildren(element("p", { class: "empty" }, "Nothing is selected. Select a tile or a transfer to see what it does."));
    return;
  }
  const title = event.type === "ct" ? `Tile ${event.id} of ${data.layers[data.cts.layer[event.id]].name}` : `Transfer ${event.id} of ${data.tensors[data.transfers.tensor[event.id]][0]}`;
  into.replaceChildren(element("h3", {}, title), facts(event.type === "ct" ? tileFacts(event.id) : transferFacts(event.id)));
}

function select(event) {
  if (event && sameEvent(event, view.selected)) return;
  view.selected = event;
  view.related = event ? relatedTo(event) : [];
  showDetails();
  redraw();
}

let announcing = 0;
function viewChanged() {
  const text = `Cycles ${grouped(view.from)} to ${grouped(view.until)}`;
  byId("range").textContent = text;
  clearTimeout(announcing);
  announcing = setTimeout(() => { byId("announce").textContent = text; }, 500);
  redraw();
}

function setView(from, until) {
  const latency = Math.max(1, data.latency), length = Math.min(latency, Math.max(Math.min(20, latency), until - from));
  const start = Math.min(Math.max(0, from), latency - length);
  view.from = start;
  view.until = start + length;
  viewChanged();
}

function zoom(factor, around = (view.from + view.until) / 2) {
  const length = (view.until - view.from) * factor, part = (around - view.from) / (view.until - view.from);
  setView(around - part * length, around - part * length + length);
}
const pan = (part) => setView(view.from + part * (view.until - view.from), view.until + part * (view.until - view.from));

function chooseTrack(index) {
  view.track = Math.min(Math.max(0, index), tracks.length - 1);
  byId("track").value = String(view.track);
  const track = tracks[view.track];
  if (track.y - groupHeight - layout.above - axisHeight < plot.scrollTop) plot.scrollTop = track.y - groupHeight - layout.above - axisHeight;
  if (track.y + track.height + 4 > plot.scrollTop + plot.clientHeight) plot.scrollTop = track.y + track.height + 4 - plot.clientHeight;
  byId("announce").textContent = `Track ${track.name}, ${track.note}`;
  redraw();
}

// The event before or after the selected one on the chosen track, or in the middle of the view.
function step(by) {
  const track = tracks[view.track], order = orderOf(track);
  if (order.length === 0) {
    byId("announce").textContent = `${track.name} has no events`;
    return;
  }
  const now = order.findIndex(({ lane, index }) => sameEvent(eventOf(track, lane, index), view.selected));
  const middle = (view.from + view.until) / 2;
  let next = now < 0 ? Math.max(0, upper(order.map((x) => x.start), middle) - 1) : now + by;
  next = Math.min(Math.max(0, next), order.length - 1);
  const event = eventOf(track, order[next].lane, order[next].index);
  if (endOf(event) < view.from || startOf(event) > view.until) {
    const half = (view.until - view.from) / 2;
    setView(startOf(event) - half, startOf(event) + half);
  }
  select(event);
}
