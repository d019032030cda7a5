// The summary, the curves of memories, energy.
function figure(name, value, note) {
  return element("div", {}, element("dt", {}, name),
    element("dd", {}, element("div", { class: "value" }, value), element("div", { class: "note" }, note)));
}

function showSummary() {
  const gap = data.bound > 0 ? (data.latency - data.bound) / data.bound : 0;
  byId("figures").append(
    figure("Latency", grouped(data.latency), `cycles; no core runs for ${percent(data.idle, data.latency)}`),
    figure("Lower bound", grouped(data.bound), `cycles (${data.boundKind})`),
    figure("Gap to the bound", percent(gap), "of the bound"),
    figure("Energy", energy(data.fj), energyNote()),
    figure("Energy lower bound", energy(data.fjBound), data.fjBound > 0 ? `gap ${percent((data.fj - data.fjBound) / data.fjBound)} of the bound` : "none is given"),
    figure("Energy-delay product", scientific(data.edp), "pJ × cycles"),
    figure("Off-chip traffic", bytes(data.read + data.written), `read ${bytes(data.read)}, written ${bytes(data.written)}`),
    figure("Tiles", grouped(data.cts.start.length), `in ${grouped(data.layers.length)} layer${data.layers.length === 1 ? "" : "s"}`),
    figure("Transfers", grouped(data.transfers.start.length), "between memories"));
  byId("words").append(...data.words.map((line) => element("p", {}, line)));
}

const SVG = "http://www.w3.org/2000/svg";
function shape(tag, attributes) {
  const e = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  return e;
}

// The maximum of a curve in each of `n` equal parts of the latency, as an area of height 100.
function areaPath(curve, top, n = 400) {
  let path = "M0 100";
  for (let i = 0; i < n; ++i) {
    const y = (100 - 100 * curve.max(i * data.latency / n, (i + 1) * data.latency / n) / top).toFixed(1);
    path += `V${y}H${i + 1}`;
  }
  return path + "V100Z";
}

function memoryChart(memory, curve) {
  const top = memory.peak > memory.size / 4 ? memory.size : memory.peak * 1.25;
  const apart = memory.extent - memory.peak, fragments = apart > 0 ? `; fragments take ${bytes(apart)} more (${percent(apart, memory.size)})` : "";
  const text = `${bytes(memory.peak)} of ${bytes(memory.size)} in use at most (${percent(memory.peak, memory.size)})${fragments}; on average ${bytes(curve.mean(0, data.latency))}`;
  const svg = shape("svg", { viewBox: "0 0 400 100", preserveAspectRatio: "none", role: "img", "aria-label": `Bits in use of ${memory.name} over time: ${text}` });
  svg.append(shape("path", { class: "fill", d: areaPath(curve, top * 1.04) }));
  if (top === memory.size) svg.append(shape("line", { class: "limit", x1: 0, x2: 400, y1: 3.8, y2: 3.8 }));
  const scale = top === memory.size ? "dashed: capacity" : `chart up to ${bytes(top * 1.04)}`;
  return element("figure", {}, element("figcaption", {}, element("strong", { class: "name" }, memory.name),
    element("small", {}, `${text}; ${scale}`)), svg);
}

function showMemories(curves) {
  const used = data.memories.map((memory, i) => [memory, curves[i]]).filter(([memory]) => memory.peak > 0);
  byId("memory-charts").append(...used.map(([memory, curve]) => memoryChart(memory, curve)));
  const unused = data.memories.filter((memory) => memory.peak === 0).map((memory) => memory.name);
  if (unused.length) byId("memories").append(element("p", { class: "hint" }, `Not used: ${unused.join(", ")}.`));
}

const energyParts = () => data.energy.filter(([, fj]) => fj > 0);

function energyNote() {
  const largest = [...energyParts()].sort((a, b) => b[1] - a[1])[0];
  return largest ? `${percent(largest[1], data.fj)} ${largest[0]}` : "none is given";
}

const moveNames = { fetch: "inputs and constants, from off-chip", onchip: "between memories on chip", aside: "results that do not fit, to another core's memory", back: "results that did not fit, from another core's memory", spill: "results for which there is no room, or no way, on chip, to off-chip",
  reload: "results for which there was none, from off-chip", output: "outputs, to off-chip", stream: "operands that tiles stream, from and to off-chip" };
const coreEnergy = (c) => c.mac + c.levels + c.other + c.leak;

function showEnergyOfCores(into) {
  const cores = data.cores.filter((c) => c.compute && coreEnergy(c) > 0);
  const top = Math.max(...cores.map(coreEnergy));
  makeTable(into, "Energy in the cores", [
    { name: "Core", text: (c) => c.name },
    { name: "Parts", wide: true, left: true, node: (c) => bar([["arithmetic", "--e0", c.mac], ["memories", "--e1", c.levels], ["not known", "--e2", c.other], ["standby", "--e6", c.leak]], top) },
    { name: "Arithmetic", text: (c) => energy(c.mac) }, { name: "Memories", text: (c) => energy(c.levels) },
    { name: "Not known", text: (c) => energy(c.other) }, { name: "Standby", text: (c) => energy(c.leak) },
    { name: "Together", text: (c) => energy(coreEnergy(c)) }], cores, false);
}

function showEnergyOfMoves(into) {
  makeTable(into, "Transfers, by what they are for", [
    { name: "Transfers of", text: (m) => moveNames[m[0]] ?? m[0] }, { name: "Energy", text: (m) => energy(m[1]) },
    { name: "of all energy", text: (m) => percent(m[1], data.fj) }, { name: "Moved", text: (m) => bytes(m[2]) }], data.moves, false);
}

function showEnergyOfLayers(into) {
  const total = (l) => l.computeFj + l.transferFj;
  const most = [...data.layers].sort((a, b) => total(b) - total(a)).slice(0, 10);
  const top = most.length ? total(most[0]) : 0;
  makeTable(into, most.length < data.layers.length ? `The ${most.length} layers that take most energy` : "Energy of the layers", [
    { name: "Layer", text: (l) => l.name },
    { name: "Computation and transfers", wide: true, left: true, node: (l) => bar([["computation", "--b0", l.computeFj], ["transfers", "--b1", l.transferFj]], top) },
    { name: "Computation", text: (l) => energy(l.computeFj) }, { name: "Transfers", text: (l) => energy(l.transferFj) },
    { name: "of all energy", text: (l) => percent(total(l), data.fj) }], most, false);
}

function showEnergy() {
  const into = byId("energy-charts");
  if (data.fj === 0) {
    into.append(element("p", { class: "empty" }, "The accelerator file gives no energies."));
    return;
  }
  const kinds = data.energy.map(([name, fj], i) => [name, `--e${i}`, fj]).filter(([, , fj]) => fj > 0);
  into.append(bar(kinds, data.fj, true), element("ul", { class: "legend", "aria-label": "Energy by kind" }, ...kinds.map(([name, color, fj]) =>
    legendItem(color, `${name}: ${energy(fj)} (${percent(fj, data.fj)})`))));
  showEnergyOfCores(into);
  showEnergyOfMoves(into);
  showEnergyOfLayers(into);
}
