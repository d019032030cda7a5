// The data of the page, and its tables of many rows as typed arrays.
const data = (() => {
  const element = document.getElementById("data");
  const value = JSON.parse(element.textContent);
  element.textContent = "";
  return value;
})();

const sum = (list) => list.reduce((a, b) => a + b, 0);

function decodeTransfers() {
  const { start } = data.transfers;
  for (let i = 1; i < start.length; ++i) start[i] += start[i - 1];
}
decodeTransfers();

// Where in a sorted array the first element > x is.
function upper(array, x, low = 0, high = array.length) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (array[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Intervals that do not overlap, by start, with an id each.
class Spans {
  constructor(items) {
    this.n = items.length;
    this.start = Float64Array.from(items, (x) => x.start);
    this.end = Float64Array.from(items, (x) => x.end);
    this.id = Int32Array.from(items, (x) => x.id);
    this.busy = new Float64Array(this.n + 1);
    for (let i = 0; i < this.n; ++i) this.busy[i + 1] = this.busy[i] + this.end[i] - this.start[i];
  }
  // The first that ends after t.
  after(t) { return upper(this.end, t); }
  busyUntil(t) {
    const i = this.after(t);
    return this.busy[i] + (i < this.n ? Math.max(0, t - this.start[i]) : 0);
  }
  // The one at t, or -1.
  at(t) {
    const i = this.after(t);
    return i < this.n && this.start[i] <= t ? i : -1;
  }
}

// A value that changes in steps, with its integral and, for any range, its maximum.
class Curve {
  constructor(deltas) {
    const n = deltas.length / 2;
    this.n = n;
    this.time = new Float64Array(n);
    this.value = new Float64Array(n);
    this.area = new Float64Array(n);
    for (let i = 0, t = 0, v = 0; i < n; ++i) {
      t += deltas[2 * i];
      v += deltas[2 * i + 1];
      this.time[i] = t;
      this.value[i] = v;
      this.area[i] = i ? this.area[i - 1] + this.value[i - 1] * (t - this.time[i - 1]) : 0;
    }
    this.levels = [this.value];
    for (let level = this.value; level.length > 1;) {
      const next = new Float64Array(level.length >> 1);
      for (let i = 0; i < next.length; ++i) next[i] = Math.max(level[2 * i], level[2 * i + 1]);
      this.levels.push(next);
      level = next;
    }
  }
  at(t) {
    const i = upper(this.time, t) - 1;
    return i < 0 ? 0 : this.value[i];
  }
  areaUntil(t) {
    const i = upper(this.time, t) - 1;
    return i < 0 ? 0 : this.area[i] + this.value[i] * (t - this.time[i]);
  }
  mean(t0, t1) { return (this.areaUntil(t1) - this.areaUntil(t0)) / (t1 - t0); }
  max(t0, t1) {
    let i = upper(this.time, t0), j = upper(this.time, t1 - 1e-9);
    let most = i > 0 ? this.value[i - 1] : 0;
    for (let level = 0; i < j; ++level, i >>= 1, j >>= 1) {
      if (i & 1) most = Math.max(most, this.levels[level][i++]);
      if (j & 1) most = Math.max(most, this.levels[level][--j]);
    }
    return most;
  }
}

// Of intervals that may overlap, by start: lanes of such that do not.
function lanesOf(items) {
  const lanes = [], ends = [];
  for (const item of items) {
    let lane = ends.findIndex((end) => end <= item.start);
    if (lane < 0) {
      lane = ends.length;
      lanes.push([]);
    }
    ends[lane] = item.end;
    lanes[lane].push(item);
  }
  return lanes.map((lane) => new Spans(lane));
}

function boxText(shape, at, tensor) {
  const sizes = data.shapes[shape], whole = data.tensors[tensor].slice(3);
  const low = [];
  for (let d = sizes.length - 1, rest = at; d >= 0; --d) {
    low[d] = rest % whole[d];
    rest = Math.floor(rest / whole[d]);
  }
  return "[" + sizes.map((size, d) => `${low[d]}:${low[d] + size}`).join(", ") + "]";
}

const transferBits = (i) =>
  data.shapes[data.transfers.shape[i]].reduce((a, b) => a * b, data.tensors[data.transfers.tensor[i]][2]);
