"use strict";
/* Looks for the campaign's marker in one frame at a time, beside the page (a worker), so that the page never waits.

   In:  {marker: {id, maxHammingDistance}} once, then {width, height, pixels: ArrayBuffer (RGBA)}.
   Out: {corners: [[x, y] × 4] | null, light, seen: [ids], ms}; corners from the marker's own top left, clockwise, in
        pixels of the frame (0 is its edge, 0.5 the middle of its first pixel); light 0 … 1 of the frame as it came. */

importScripts("js-aruco2/cv.js", "js-aruco2/aruco.js");

let wanted = null;
const detectors = new Map(); // js-aruco2 keeps its buffers: one detector a size of frame

onmessage = ({ data }) => {
  if (data.marker) {
    wanted = data.marker;
    return;
  }
  const begun = performance.now();
  const { width, height } = data;
  const pixels = new Uint8ClampedArray(data.pixels);
  const raw = { width, height, data: greys(pixels) };
  const light = stretch(raw.data, pixels);
  const detector = detectorOf(width, height);
  const found = detector.detect({ width, height, data: pixels });
  const own = found.filter((marker) => marker.id === wanted.id);
  const largest = own.sort((one, other) => perimeter(other.corners) - perimeter(one.corners))[0];
  const corners = largest ? refined(raw, largest.corners.map(({ x, y }) => [x, y])) : null;
  postMessage({
    corners: corners && corners.map(([x, y]) => [x + 0.5, y + 0.5]),
    light,
    seen: found.map((marker) => marker.id),
    ms: performance.now() - begun,
  });
};

function detectorOf(width, height) {
  const size = `${width}x${height}`;
  if (!detectors.has(size)) {
    const detector = new AR.Detector({
      dictionaryName: "ARUCO_MIP_36h12",
      maxHammingDistance: wanted.maxHammingDistance, // the library's own 12 sees markers in QR codes
    });
    // Typed buffers in place of its growing lists: three times as fast.
    detector.grey.data = new Uint8Array(width * height);
    detector.thres.data = new Uint8Array(width * height);
    detector.binary = new Int32Array((width + 2) * (height + 2));
    detectors.set(size, detector);
  }
  return detectors.get(size);
}

function greys(pixels) {
  const data = new Uint8Array(pixels.length / 4);
  for (let n = 0, at = 0; n < data.length; n += 1, at += 4) {
    data[n] = (pixels[at] * 77 + pixels[at + 1] * 151 + pixels[at + 2] * 28) >> 8;
  }
  return data;
}

/* The frame grey, in dim light from black to white again, for the library's threshold is a fixed step of grey. The
   edges of black are cut off by it and are measured in the raw greys. */
function stretch(raw, pixels) {
  const counts = new Uint32Array(256);
  for (const value of raw) counts[value] += 1;
  const low = percentile(counts, raw.length * 0.01);
  const high = percentile(counts, raw.length * 0.99);
  const gain = Math.min(255 / Math.max(high - low, 1), 12);
  const stretched = Uint8ClampedArray.from({ length: 256 }, (_, value) => (value - low) * gain);
  for (let n = 0, at = 0; n < raw.length; n += 1, at += 4) {
    pixels[at] = pixels[at + 1] = pixels[at + 2] = stretched[raw[n]];
  }
  return high / 255;
}

function percentile(counts, share) {
  let sum = 0;
  for (let value = 0; value < 256; value += 1) {
    sum += counts[value];
    if (sum >= share) return value;
  }
  return 255;
}

function perimeter(corners) {
  return corners.reduce((sum, { x, y }, at) => {
    const next = corners[(at + 1) % 4];
    return sum + Math.hypot(next.x - x, next.y - y);
  }, 0);
}

/* The corners to a fraction of a pixel: each side is the line through the places where black turns white. What lies
   some marker's widths away on the letter would otherwise shake by many pixels. */
function refined(image, corners) {
  let quad = corners;
  for (let pass = 0; pass < 2; pass += 1) {
    const lines = quad.map((from, at) => side(image, from, quad[(at + 1) % 4]));
    if (lines.some((line) => !line)) return quad;
    quad = lines.map((line, at) => crossing(lines[(at + 3) % 4], line));
  }
  return quad;
}

const SAMPLES = 25;

function side(image, [ax, ay], [bx, by]) {
  const length = Math.hypot(bx - ax, by - ay);
  const reach = Math.min(Math.max(length / 20, 1.5), 8); // less than half a cell
  const [nx, ny] = [(by - ay) / length, (ax - bx) / length]; // outwards: corners run clockwise
  const profiles = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const share = 0.08 + (0.84 * n) / (SAMPLES - 1);
    const [x, y] = [ax + (bx - ax) * share, ay + (by - ay) * share];
    profiles.push({ x, y, dark: grey(image, x - nx * reach, y - ny * reach), bright: grey(image, x + nx * reach, y + ny * reach) });
  }
  const half = (median(profiles.map((one) => one.dark)) + median(profiles.map((one) => one.bright))) / 2;
  const points = [];
  for (const { x, y } of profiles) {
    let before = grey(image, x - nx * reach, y - ny * reach);
    for (let step = -reach + 0.5; step <= reach; step += 0.5) {
      const here = grey(image, x + nx * step, y + ny * step);
      if (before < half && here >= half) {
        const at = step - 0.5 + (0.5 * (half - before)) / (here - before);
        points.push([x + nx * at, y + ny * at]);
        break;
      }
      before = here;
    }
  }
  return fitted(points, SAMPLES / 2);
}

/* The line [nx, ny, distance] through points, those left out that lie away from the others. */
function fitted(points, least) {
  let kept = points;
  for (let pass = 0; pass < 3; pass += 1) {
    if (kept.length < least) return null;
    const [mx, my] = [0, 1].map((axis) => kept.reduce((sum, point) => sum + point[axis], 0) / kept.length);
    let [xx, xy, yy] = [0, 0, 0];
    for (const [x, y] of kept) {
      xx += (x - mx) ** 2;
      xy += (x - mx) * (y - my);
      yy += (y - my) ** 2;
    }
    const angle = 0.5 * Math.atan2(2 * xy, xx - yy) + Math.PI / 2;
    const line = [Math.cos(angle), Math.sin(angle), 0];
    line[2] = line[0] * mx + line[1] * my;
    const off = ([x, y]) => Math.abs(line[0] * x + line[1] * y - line[2]);
    if (pass === 2) return line;
    const limit = Math.max(3 * median(kept.map(off)), 0.3);
    kept = kept.filter((point) => off(point) <= limit);
  }
  return null;
}

function crossing([a, b, c], [d, e, f]) {
  const both = a * e - b * d;
  return [(c * e - b * f) / both, (a * f - c * d) / both];
}

function median(values) {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}

function grey({ width, height, data }, x, y) {
  const left = Math.min(Math.max(Math.floor(x), 0), width - 2);
  const top = Math.min(Math.max(Math.floor(y), 0), height - 2);
  const [right, down] = [Math.min(Math.max(x - left, 0), 1), Math.min(Math.max(y - top, 0), 1)];
  const at = top * width + left;
  const upper = data[at] * (1 - right) + data[at + 1] * right;
  const lower = data[at + width] * (1 - right) + data[at + width + 1] * right;
  return upper * (1 - down) + lower * down;
}
