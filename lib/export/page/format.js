// Numbers with units, and elements of the page.
const grouped = (x) => Math.round(x).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const significant = (x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
const percent = (a, b = 1) => (b > 0 ? (100 * a / b).toFixed(1) : "0.0") + " %";

function scaled(x, units, step) {
  let i = 0;
  while (x >= step && i + 1 < units.length) {
    x /= step;
    ++i;
  }
  return `${i === 0 && Number.isInteger(x) ? x : significant(x)} ${units[i]}`;
}
const bytes = (bits) => scaled(bits / 8, ["B", "KiB", "MiB", "GiB", "TiB"], 1024);
const energy = (fj) => scaled(fj, ["fJ", "pJ", "nJ", "µJ", "mJ", "J"], 1000);
const cycles = (x) => `${grouped(x)} cycles`;

// 12500000 at a step of 500000: "12.5 M".
function tick(x, step) {
  const unit = step >= 1e5 ? [1e6, " M"] : step >= 1e2 ? [1e3, " k"] : [1, ""];
  const digits = Math.max(0, -Math.floor(Math.log10(step / unit[0]) + 1e-9));
  return x === 0 ? "0" : grouped(Math.floor(x / unit[0])) + (digits ? (x / unit[0]).toFixed(digits).replace(/^\d+/, "") : "") + unit[1];
}

function niceStep(atLeast) {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = [1, 2, 5, 10].find((m) => m * power >= atLeast) * power;
  return Math.max(1, step);
}

function scientific(x) {
  const [digits, exponent] = x.toExponential(2).split("e");
  const raised = [...String(Number(exponent))].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
  return Math.abs(Number(exponent)) < 4 ? x.toPrecision(3) : `${digits} × 10${raised}`;
}

// element("td", {class: "text"}, "a", child): text is text, never markup.
function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}
const byId = (id) => document.getElementById(id);

function legendItem(color, text) {
  return element("li", {}, element("span", { class: "swatch", style: `background: var(${color})` }), element("span", { class: "name" }, text));
}
