// Pointer, wheel and keyboard on the timeline.
function eventAt(x, y) {
  const t = timeOf(x), slack = (view.until - view.from) / layout.width * 3;
  const index = tracks.findIndex((track) => y >= track.y - layout.above && y < track.y + track.height + gap / 2);
  if (index < 0 || x < layout.left) return { index, event: null };
  const track = tracks[index];
  const lane = track.kind === "link" ? Math.floor((y - track.y - areaHeight) / laneHeight) : 0;
  const spans = track.lanes[Math.max(0, lane)];
  if (!spans) return { index, event: null };
  for (const time of [t, t - slack, t + slack]) {
    const i = spans.at(time);
    if (i >= 0) return { index, event: eventOf(track, Math.max(0, lane), i) };
  }
  return { index, event: null };
}

const pointers = new Map();
let moved = 0;
function pointerDown(e) {
  pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY });
  if (pointers.size === 1) moved = 0;
  canvas.setPointerCapture(e.pointerId);
}

function pointerMove(e) {
  const before = pointers.get(e.pointerId);
  if (!before) return;
  const others = [...pointers].filter(([id]) => id !== e.pointerId).map(([, p]) => p);
  const now = { x: e.offsetX, y: e.offsetY };
  pointers.set(e.pointerId, now);
  moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
  if (others.length) {
    const old = Math.abs(before.x - others[0].x), distance = Math.abs(now.x - others[0].x);
    if (old > 10 && distance > 10) zoom(old / distance, timeOf((now.x + others[0].x) / 2));
  } else if (moved > 4) {
    pan((before.x - now.x) / layout.width);
  }
}

function pointerUp(e) {
  const single = pointers.size === 1;
  if (!pointers.delete(e.pointerId) || !single || moved > 4 || e.type === "pointercancel") return;
  const { index, event } = eventAt(e.offsetX, e.offsetY + plot.scrollTop);
  if (index >= 0) chooseTrack(index);
  select(event);
}

function wheel(e) {
  if (e.ctrlKey || e.metaKey || e.shiftKey) {
    e.preventDefault();
    zoom(Math.exp((e.deltaY || e.deltaX) * 0.002), timeOf(Math.max(layout.left, e.offsetX)));
  } else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
    e.preventDefault();
    pan(e.deltaX / layout.width);
  }
}

const keys = {
  ArrowLeft: () => pan(-0.2), ArrowRight: () => pan(0.2), ArrowUp: () => zoom(0.5), ArrowDown: () => zoom(2),
  "+": () => zoom(0.5), "-": () => zoom(2), 0: () => setView(0, data.latency),
  Home: () => setView(0, view.until - view.from), End: () => setView(data.latency - (view.until - view.from), data.latency),
  PageUp: () => chooseTrack(view.track - 1), PageDown: () => chooseTrack(view.track + 1),
  ",": () => step(-1), ".": () => step(1), Enter: () => { view.selected = null; step(0); }, Escape: () => select(null),
};

function keyDown(e) {
  if (e.altKey || e.ctrlKey || e.metaKey || !Object.hasOwn(keys, e.key)) return;
  e.preventDefault();
  keys[e.key]();
}

function moveOverview(e) {
  if (e.buttons !== 1) return;
  const half = (view.until - view.from) / 2, t = e.offsetX / overview.clientWidth * data.latency;
  setView(t - half, t + half);
}

function listen() {
  canvas.addEventListener("pointerdown", pointerDown);
  canvas.addEventListener("pointermove", pointerMove);
  canvas.addEventListener("pointerup", pointerUp);
  canvas.addEventListener("pointercancel", pointerUp);
  canvas.addEventListener("wheel", wheel, { passive: false });
  overview.addEventListener("pointerdown", moveOverview);
  overview.addEventListener("pointermove", moveOverview);
  plot.addEventListener("keydown", keyDown);
  plot.addEventListener("scroll", redraw);
  new ResizeObserver(rebuild).observe(plot);
  byId("zoom-in").addEventListener("click", () => zoom(0.5));
  byId("zoom-out").addEventListener("click", () => zoom(2));
  byId("zoom-all").addEventListener("click", () => setView(0, data.latency));
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("track").addEventListener("change", (e) => chooseTrack(Number(e.target.value)));
}
