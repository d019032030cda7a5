// Drawing of the timeline. Whatever is narrower than a pixel is summed up: the strength of a colour says how much of
// the pixel's time is taken.
const plot = byId("plot"), canvas = byId("canvas"), overview = byId("overview");
const view = { from: 0, until: Math.max(1, data.latency), track: 0, selected: null, related: [] };
const axisHeight = 26, groupHeight = 22, gap = 6;
let colors = {}, layout = { left: 0, width: 0, height: 0, above: 0 };

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  colors = { layers: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => get(`--l${i}`)), kinds: [0, 1, 2, 3].map((i) => get(`--t${i}`)) };
  for (const name of ["page", "panel", "ink", "soft", "grid", "line", "idle", "area", "limit", "focus"]) colors[name] = get(`--${name}`);
}

// Black or white, whichever reads better on "#rrggbb".
function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((i) => (parseInt(color.slice(i, i + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000000" : "#ffffff";
}

function placeTracks() {
  const narrow = plot.clientWidth < 640;
  layout.left = narrow ? 0 : Math.min(230, Math.round(plot.clientWidth * 0.22));
  layout.above = narrow ? 16 : 0;
  layout.width = plot.clientWidth - layout.left;
  let y = axisHeight, kind = "";
  for (const track of tracks) {
    track.group = track.kind !== kind;
    kind = track.kind;
    y += track.group ? groupHeight : 0;
    track.y = y + layout.above;
    y = track.y + track.height + gap;
  }
  byId("plot-height").style.height = `${y + 4}px`;
  layout.height = Math.min(y + 4, Math.round(window.innerHeight * 0.75), plot.clientHeight || Infinity);
  for (const [c, width, height] of [[canvas, plot.clientWidth, layout.height], [overview, overview.clientWidth, overview.clientHeight]]) {
    c.width = Math.round(width * devicePixelRatio);
    c.height = Math.round(height * devicePixelRatio);
  }
  canvas.style.height = `${layout.height}px`;
}

const xOf = (t) => layout.left + (t - view.from) / (view.until - view.from) * layout.width;
const timeOf = (x) => view.from + (x - layout.left) / layout.width * (view.until - view.from);

function drawAxis(g) {
  const step = niceStep((view.until - view.from) * 90 / layout.width);
  g.fillStyle = colors.page;
  g.fillRect(0, 0, plot.clientWidth, axisHeight);
  g.fillStyle = colors.soft;
  g.textAlign = "center";
  for (let t = Math.ceil(view.from / step) * step; t <= view.until; t += step) {
    const x = xOf(t), text = tick(t, step), half = g.measureText(text).width / 2 + 2;
    g.fillText(text, Math.min(Math.max(x, layout.left + half), plot.clientWidth - half), 13);
    g.fillRect(Math.round(x), axisHeight - 5, 1, 5);
  }
  g.textAlign = "left";
  if (layout.left) g.fillText("cycles", 8, 13);
  g.fillStyle = colors.line;
  g.fillRect(0, axisHeight - 1, plot.clientWidth, 1);
}

function drawGrid(g) {
  const step = niceStep((view.until - view.from) * 90 / layout.width);
  g.fillStyle = colors.grid;
  for (let t = Math.ceil(view.from / step) * step; t <= view.until; t += step) g.fillRect(Math.round(xOf(t)), axisHeight, 1, layout.height);
}

const colorOf = (track, id) =>
  track.kind === "core" ? colors.layers[data.cts.layer[id] % 8] : colors.kinds[data.tensors[data.transfers.tensor[id]][1]];

// The longest of at most 8 of the spans [i, j).
function longest(spans, i, j) {
  let best = i;
  for (let k = i, step = Math.max(1, Math.ceil((j - i) / 8)); k < j; k += step)
    if (spans.end[k] - spans.start[k] > spans.end[best] - spans.start[best]) best = k;
  return spans.id[best];
}

function drawDense(g, track, spans, y, height) {
  let before = spans.busyUntil(view.from), i = spans.after(view.from);
  for (let x = 0; x < layout.width; ++x) {
    const until = view.from + (x + 1) / layout.width * (view.until - view.from), now = spans.busyUntil(until);
    const j = upper(spans.start, until, i);
    if (now > before && j > i) {
      g.globalAlpha = Math.max(0.2, Math.min(1, (now - before) / (view.until - view.from) * layout.width));
      g.fillStyle = colorOf(track, longest(spans, i, j));
      g.fillRect(layout.left + x, y, 1, height);
    }
    before = now;
    i = spans.after(until);
  }
  g.globalAlpha = 1;
}

function drawSpan(g, track, spans, i, y, height) {
  const x0 = Math.max(layout.left, xOf(spans.start[i])), x1 = Math.min(plot.clientWidth, xOf(spans.end[i]));
  const width = Math.max(1, x1 - x0 - (x1 - x0 > 3 ? 1 : 0)), color = colorOf(track, spans.id[i]);
  g.fillStyle = color;
  g.fillRect(x0, y, width, height);
  if (track.kind !== "core" || width < 40) return;
  const name = data.layers[data.cts.layer[spans.id[i]]].name;
  g.fillStyle = inkOn(color);
  g.fillText(fitted(g, name, width - 8, true), x0 + 4, y + height / 2);
}

function drawLane(g, track, spans, y, height) {
  const i = spans.after(view.from), j = upper(spans.start, view.until);
  if (j - i > layout.width / 2) return drawDense(g, track, spans, y, height);
  for (let k = i; k < j; ++k) drawSpan(g, track, spans, k, y, height);
}

// Memories show the most in use in a pixel, links the mean rate.
function drawArea(g, track, height) {
  const { curve, top } = track;
  const value = track.kind === "memory" ? (a, b) => curve.max(a, b) : (a, b) => curve.mean(a, b);
  g.fillStyle = colors.area;
  g.beginPath();
  g.moveTo(layout.left, track.y + height);
  for (let x = 0; x < layout.width; ++x) {
    const t0 = timeOf(layout.left + x), y = track.y + height * (1 - Math.min(1, value(t0, timeOf(layout.left + x + 1)) / top));
    g.lineTo(layout.left + x, y);
    g.lineTo(layout.left + x + 1, y);
  }
  g.lineTo(layout.left + layout.width, track.y + height);
  g.fill();
  if (track.kind !== "memory" || top < track.size) return;
  g.strokeStyle = colors.limit;
  g.setLineDash([4, 3]);
  g.beginPath();
  g.moveTo(layout.left, track.y + 0.5);
  g.lineTo(plot.clientWidth, track.y + 0.5);
  g.stroke();
  g.setLineDash([]);
}

// As much of the text as fits, with "…" for what is left out: the end, or, if that tells names apart, the middle.
function fitted(g, text, room, keepEnd = false) {
  if (g.measureText(text).width <= room) return text;
  const end = keepEnd ? (n) => text.slice(text.length - Math.floor(n / 2)) : () => "";
  const cut = (n) => text.slice(0, keepEnd ? Math.ceil(n / 2) : n) + "…" + end(n);
  let low = 0, high = text.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (g.measureText(cut(middle)).width <= room) low = middle;
    else high = middle;
  }
  return cut(low);
}

function drawLabel(g, track, index) {
  const y = layout.above ? track.y - layout.above / 2 - 1 : track.y + track.height / 2;
  const right = layout.left || plot.clientWidth, note = g.measureText(track.note).width;
  g.fillStyle = colors.soft;
  g.fillText(track.note, right - note - 8, y);
  g.fillStyle = colors.ink;
  g.fillText(fitted(g, track.name, right - note - 26, true), 8, y);
  if (index === view.track) g.fillRect(0, track.y, 3, track.height);
  if (!track.group) return;
  g.save();
  g.font = "600 12px system-ui, sans-serif";
  g.fillStyle = colors.soft;
  g.fillText(groupName[track.kind], 8, track.y - layout.above - groupHeight / 2 + 1);
  g.restore();
}

function drawTrack(g, track, index) {
  g.fillStyle = colors.idle;
  g.fillRect(layout.left, track.y, layout.width, track.kind === "link" ? areaHeight - 2 : track.height);
  if (track.curve) drawArea(g, track, track.kind === "link" ? areaHeight - 2 : track.height);
  track.lanes.forEach((spans, lane) => {
    if (track.kind === "core") drawLane(g, track, spans, track.y, track.height);
    else if (lane < mostLanes) drawLane(g, track, spans, track.y + areaHeight + lane * laneHeight, laneHeight - 1);
  });
  drawLabel(g, track, index);
}

function boxOf(event) {
  const place = placeOf(event);
  if (!place) return null;
  const track = tracks[place.track], lane = track.kind === "link";
  return {
    x: xOf(startOf(event)), width: Math.max(3, xOf(endOf(event)) - xOf(startOf(event))),
    y: track.y + (lane ? areaHeight + Math.min(place.lane, mostLanes - 1) * laneHeight : 0), height: lane ? laneHeight - 1 : track.height,
  };
}

// A frame around an event, and lines from what comes before it to what it feeds.
function drawSelection(g) {
  const box = view.selected && boxOf(view.selected);
  if (!box) return;
  const frame = (b, width) => {
    g.lineWidth = width;
    g.strokeStyle = colors.ink;
    g.strokeRect(b.x - 1, b.y - 1, b.width + 2, b.height + 2);
  };
  g.save();
  g.beginPath();
  g.rect(layout.left, axisHeight, layout.width, layout.height + plot.scrollTop);
  g.clip();
  for (const event of view.related) {
    const other = boxOf(event);
    if (!other) continue;
    frame(other, 1);
    const [a, b] = startOf(event) < startOf(view.selected) ? [other, box] : [box, other];
    g.beginPath();
    g.moveTo(a.x + a.width, a.y + a.height / 2);
    g.lineTo(b.x, b.y + b.height / 2);
    g.stroke();
  }
  frame(box, 2.5);
  g.restore();
}

// How many of the cores compute, over the whole schedule: drawn once for a size, as a picture.
const overviewPicture = document.createElement("canvas");
function drawOverview() {
  const width = overview.clientWidth, height = overview.clientHeight;
  overviewPicture.width = overview.width;
  overviewPicture.height = overview.height;
  const g = overviewPicture.getContext("2d");
  const cores = tracks.filter((track) => track.kind === "core");
  g.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  g.fillStyle = colors.idle;
  g.fillRect(0, 0, width, height);
  g.fillStyle = colors.area;
  for (let x = 0; x < width; ++x) {
    const t0 = x / width * data.latency, t1 = (x + 1) / width * data.latency;
    const busy = sum(cores.map(({ lanes: [spans] }) => spans.busyUntil(t1) - spans.busyUntil(t0)));
    const h = height * busy / Math.max(1, cores.length) / (t1 - t0);
    g.fillRect(x, height - h, 1, h);
  }
}

function drawWindow() {
  const g = overview.getContext("2d"), width = overview.clientWidth, height = overview.clientHeight;
  if (!width || !height) return;
  g.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  g.drawImage(overviewPicture, 0, 0, width, height);
  const x0 = view.from / data.latency * width, x1 = view.until / data.latency * width;
  g.fillStyle = colors.page;
  g.globalAlpha = 0.6;
  g.fillRect(0, 0, x0, height);
  g.fillRect(x1, 0, width - x1, height);
  g.globalAlpha = 1;
  g.strokeStyle = colors.ink;
  g.strokeRect(x0 + 0.5, 0.5, Math.max(2, x1 - x0 - 1), height - 1);
}

function draw() {
  const g = canvas.getContext("2d"), top = plot.scrollTop;
  g.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  g.fillStyle = colors.page;
  g.fillRect(0, 0, plot.clientWidth, layout.height);
  g.font = "12px system-ui, sans-serif";
  g.textBaseline = "middle";
  drawGrid(g);
  g.save();
  g.translate(0, -top);
  tracks.forEach((track, i) => {
    if (track.y + track.height > top && track.y - groupHeight - layout.above < top + layout.height) drawTrack(g, track, i);
  });
  drawSelection(g);
  g.restore();
  drawAxis(g);
  drawWindow();
}

let drawing = false;
function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

function rebuild() {
  readColors();
  placeTracks();
  drawOverview();
  draw();
}
