// Tracks of the timeline: cores with their tiles, links with their transfers, memories with what is in use.
const memoryCurves = data.memories.map((memory) => new Curve(memory.curve));
const linkCurves = data.resources.map((r) => (r.link ? new Curve(r.curve) : null));

function coreTracks() {
  const items = data.cores.map(() => []);
  const { start, cycles: length, core } = data.cts;
  for (let i = 0; i < start.length; ++i) items[core[i]].push({ start: start[i], end: start[i] + length[i], id: i });
  return data.cores.map((c, i) => ({ c, i })).filter(({ c }) => c.compute).map(({ c, i }) => ({
    kind: "core", name: c.name, note: percent(c.busy, data.latency), index: i, height: 28,
    lanes: [new Spans(items[i].sort((a, b) => a.start - b.start))],
  }));
}

const laneHeight = 6, areaHeight = 22, mostLanes = 8;

function linkTracks() {
  const items = data.resources.map(() => []);
  const { start, cycles: length, route } = data.transfers;
  for (let i = 0; i < start.length; ++i)
    for (const r of data.routes[route[i]][2]) items[r].push({ start: start[i], end: start[i] + length[i], id: i });
  return data.resources.map((r, i) => ({ r, i })).filter(({ r, i }) => items[i].length || (r.link && r.peak > 0)).map(({ r, i }) => {
    const lanes = lanesOf(items[i]);
    return {
      kind: "link", name: r.name, note: percent(r.use), index: i, lanes, curve: linkCurves[i], top: r.width,
      height: areaHeight + laneHeight * Math.min(lanes.length, mostLanes),
    };
  });
}

function memoryTracks() {
  return data.memories.map((m, i) => ({ m, i })).filter(({ m }) => m.peak > 0).map(({ m, i }) => ({
    kind: "memory", name: m.name, note: percent(m.peak, m.size), index: i, lanes: [], curve: memoryCurves[i],
    top: Math.min(m.size, m.peak * 4), size: m.size, height: 34,
  }));
}

const tracks = [...coreTracks(), ...linkTracks(), ...memoryTracks()];
const groupName = { core: "Cores (time computing)", link: "Links (mean use; below, transfers)", memory: "Memories (most in use; dashed: capacity)" };

// Which tile or transfer is lane `lane` of track `track` at `index`.
const eventOf = (track, lane, index) => ({ type: track.kind === "core" ? "ct" : "transfer", id: track.lanes[lane].id[index] });
const sameEvent = (a, b) => a !== null && b !== null && a.type === b.type && a.id === b.id;
const startOf = (event) => (event.type === "ct" ? data.cts : data.transfers).start[event.id];
const endOf = (event) => startOf(event) + (event.type === "ct" ? data.cts : data.transfers).cycles[event.id];

// Track and lane of an event, or null: a copy within a core uses no link.
function placeOf(event) {
  for (let t = 0; t < tracks.length; ++t) {
    const track = tracks[t];
    if (event.type === "ct" ? track.kind !== "core" || track.index !== data.cts.core[event.id]
      : track.kind !== "link" || !data.routes[data.transfers.route[event.id]][2].includes(track.index)) continue;
    for (let lane = 0; lane < track.lanes.length; ++lane) {
      const i = track.lanes[lane].at(startOf(event));
      if (i >= 0 && track.lanes[lane].id[i] === event.id) return { track: t, lane, index: i };
    }
  }
  return null;
}

// All events of a track by start, for stepping.
function orderOf(track) {
  if (!track.order) {
    const all = [];
    track.lanes.forEach((spans, lane) => { for (let i = 0; i < spans.n; ++i) all.push({ lane, index: i, start: spans.start[i] }); });
    track.order = all.sort((a, b) => a.start - b.start || a.lane - b.lane);
  }
  return track.order;
}

// Transfers from and to a tile; tiles before and behind a transfer.
function relatedTo(event) {
  const { writer, reader } = data.transfers, found = [];
  if (event.type === "transfer") {
    if (writer[event.id] >= 0) found.push({ type: "ct", id: writer[event.id] });
    if (reader[event.id] >= 0) found.push({ type: "ct", id: reader[event.id] });
    return found;
  }
  for (let i = 0; i < writer.length && found.length < 200; ++i)
    if (writer[i] === event.id || reader[i] === event.id) found.push({ type: "transfer", id: i });
  return found;
}
