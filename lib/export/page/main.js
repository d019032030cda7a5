// Puts the page together.
function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
  rebuild();
}

function legend() {
  const kinds = ["inputs", "constants", "intermediate results", "outputs"].map((name, i) => [`--t${i}`, `transfers of ${name}`]);
  const shown = data.layers.slice(0, 8).map((layer, i) => [`--l${i}`, layer.name]);
  const more = data.layers.length > 8 ? [element("li", {}, `and ${data.layers.length - 8} more layers, in the same colours again`)] : [];
  byId("legend").append(...shown.map(([color, name]) => legendItem(color, name)), ...more, ...kinds.map(([color, name]) => legendItem(color, name)));
}

function describe() {
  const count = (kind) => tracks.filter((track) => track.kind === kind).length;
  byId("plot-text").textContent = `${grouped(data.cts.start.length)} tiles on ${count("core")} cores, ${grouped(data.transfers.start.length)} ` +
    `transfers over ${count("link")} links, and the use of ${count("memory")} memories, from cycle 0 to ${grouped(data.latency)}. ` +
    "The tables of cores, links and memories below say the same in figures.";
  byId("track").append(...tracks.map((track, i) => element("option", { value: String(i) }, track.name)));
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
showSummary();
showCores();
showMemories(memoryCurves);
showLinks();
showEnergy();
showLayers();
legend();
describe();
showDetails();
setTheme(prefersDark.matches);
setView(0, data.latency);
listen();
prefersDark.addEventListener("change", (e) => setTheme(e.matches));
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
