"use strict";
/* The AR page: camera, what the detector finds in its frames, and the content laid over the letter.

   Everything in millimetres comes from campaign.json; everything the reader sees stands in the page and is only shown
   or hidden here, by the state of <main>: "start", "camera", "plain" (the content without a camera). */
(() => {
  const FRAME_SIZES = [640, 960]; // longer side in pixels, in turn: soft frames are found in the small, far ones in the large
  const SIGHTINGS = 2;
  const OF_FRAMES = 4;
  const HOLD = 500; // ms that the content stays when the marker is lost
  const HELP_AFTER = 9000; // ms without a sighting
  const DIM = 0.42; // of full light, at the brightest percent of a frame
  const PER_MM = 5; // CSS pixels of the content's own box

  const main = document.querySelector("main");
  const stage = document.getElementById("stage");
  const camera = document.getElementById("camera");
  const sound = document.querySelector("[data-do=sound]");
  const say = (name) => {
    for (const element of document.querySelectorAll("[data-say]")) element.hidden = element.dataset.say !== name;
  };
  const hint = (name) => {
    for (const element of document.querySelectorAll("[data-hint]")) element.hidden = element.dataset.hint !== name;
  };

  /* For tests, and for whoever stands beside a phone that does not see the letter. */
  const state = (window.dmgenAr = { frames: 0, sightings: 0, shown: false, shows: 0, seen: {}, light: 1, ms: 0, quad: null });

  let campaign = null;
  let running = null; // what a camera that is on needs: stream, worker, overlay

  // ---- plain: the content, and the code of this letter ------------------------------------------------------------

  function show(name, why) {
    main.dataset.state = name;
    say(why || "");
    const film = document.querySelector("#plain video");
    if (film && name !== "plain") film.pause();
    if (film && name === "plain" && why !== "unsupported") film.play().catch(() => {}); // muted; else there are controls
    window.scrollTo(0, 0);
  }

  /* After #, which no server sees, stand the coupon's code and, for the page with its terms, drop and offer. A code of
     ours is eleven characters and one that checks them (dmgen/offers/coupon.py); one from a shop's own pool is shown
     as the shop writes it. */
  function coupon() {
    const { alphabet, pool } = main.dataset;
    const [first, drop = "", offer = ""] = location.hash.slice(1).split("/");
    const written = decode(first);
    const code = written.normalize("NFKC").toUpperCase().replace(/[\s-]/g, "");
    const values = [...code].map((character) => alphabet.indexOf(character));
    const sum = values.reduce((total, value) => (total * 3 + value) % alphabet.length, 0);
    const ours = code.length === 12 && !values.includes(-1) && sum === 0;
    const shown = ours ? code.match(/.{4}/g).join("-") : pool === "yes" && /^[\w.-]{4,40}$/.test(written) ? written : "";
    for (const card of document.querySelectorAll("[data-coupon]")) {
      card.hidden = !shown;
      card.querySelector("[data-code]").textContent = shown;
      const terms = card.querySelector("[data-terms]");
      terms.hidden = !(/^\d{4}-\d\d-\d\d$/.test(drop) && /^[\w-]+(\.[a-z0-9-]+)?$/.test(offer));
      terms.href = `../${drop}/coupon/${offer}/#${encodeURIComponent(shown)}`;
    }
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  }

  // ---- camera -----------------------------------------------------------------------------------------------------

  async function start() {
    if (running) return;
    const asked = {
      audio: false,
      video: {
        facingMode: { ideal: "environment" },
        width: { ideal: 1280 },
        height: { ideal: 720 },
        resizeMode: "none", // else Chromium crops a portrait camera, and the content lands beside its place
      },
    };
    const session = (running = { overlay: overlay(), worker: null, stream: null, recent: [], quad: null, busy: false });
    try {
      session.stream = await navigator.mediaDevices.getUserMedia(asked);
      if (running !== session) return stopStream(session.stream); // closed while the browser was asking
      session.worker = new Worker("ar-detect.js");
      session.worker.onmessage = ({ data }) => running === session && looked(session, data);
      session.worker.onerror = () => running === session && leave("trouble");
      session.worker.postMessage({ marker: campaign.marker });
      session.stream.getVideoTracks()[0].onended = () => running === session && leave("ended");
      camera.srcObject = session.stream;
      show("camera");
      hint("search");
      session.since = performance.now();
      await camera.play();
      next(session);
    } catch (error) {
      if (running === session) leave({ NotAllowedError: "refused", NotFoundError: "none", NotReadableError: "busy" }[error.name] || "trouble");
    }
  }

  function leave(why) {
    if (running) {
      stopStream(running.stream);
      if (running.worker) running.worker.terminate();
      running.overlay.remove();
      running = null;
    }
    camera.srcObject = null;
    state.shown = false;
    state.quad = null;
    show("plain", why);
  }

  function stopStream(stream) {
    if (stream) stream.getTracks().forEach((track) => track.stop());
  }

  /* The content as it lies over the letter. Made while a finger is on the button: phones let it play from then on. */
  function overlay() {
    const film = campaign.content.kind === "video";
    const element = document.createElement(film ? "video" : "img");
    if (film) Object.assign(element, { muted: true, loop: true, playsInline: true, preload: "auto" });
    element.src = campaign.content.file;
    element.alt = "";
    element.className = "overlay";
    const [, , width, height] = campaign.content.place;
    Object.assign(element.style, { width: `${width * PER_MM}px`, height: `${height * PER_MM}px` });
    camera.after(element);
    if (sound) sound.setAttribute("aria-pressed", "false");
    if (film) element.play().then(() => state.shown || element.pause(), () => {});
    return element;
  }

  function hear() {
    running.overlay.muted = !running.overlay.muted;
    sound.setAttribute("aria-pressed", String(!running.overlay.muted));
  }

  // ---- frames -----------------------------------------------------------------------------------------------------

  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });

  function next(session) {
    const again = () => running === session && look(session);
    if (camera.requestVideoFrameCallback) camera.requestVideoFrameCallback(again);
    else requestAnimationFrame(again);
    // A camera that gives no frames for a while (a call comes in) must not end the search.
  }

  function look(session) {
    const { videoWidth: width, videoHeight: height } = camera;
    if (session.busy || !width || document.hidden) return next(session);
    const scale = Math.min(FRAME_SIZES[state.frames % FRAME_SIZES.length] / Math.max(width, height), 1);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(camera, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    session.busy = true;
    session.scale = [width / canvas.width, height / canvas.height];
    session.worker.postMessage({ width: canvas.width, height: canvas.height, pixels: data.buffer }, [data.buffer]);
    next(session);
  }

  function looked(session, { corners, light, seen, ms }) {
    const now = performance.now();
    session.busy = false;
    state.frames += 1;
    state.light = light;
    state.ms += (ms - state.ms) / Math.min(state.frames, 30);
    for (const id of seen) state.seen[id] = (state.seen[id] || 0) + 1;
    session.recent = [...session.recent, Boolean(corners)].slice(-OF_FRAMES);
    if (corners) {
      state.sightings += 1;
      const [sx, sy] = session.scale;
      follow(session, corners.map(([x, y]) => [x * sx, y * sy]));
      session.last = now;
    }
    const enough = session.recent.filter(Boolean).length >= SIGHTINGS;
    if (enough && corners && !state.shown) appear(session);
    if (state.shown && now - session.last > HOLD) vanish(session);
    if (state.shown) place(session);
    else hint(light < DIM ? "dim" : now - (session.last || session.since) > HELP_AFTER ? "help" : "search");
  }

  function appear(session) {
    state.shown = true;
    state.shows += 1;
    session.quad = session.target; // at once in its place
    session.overlay.classList.add("shown");
    if (session.overlay.play) session.overlay.play().catch(() => {});
    hint("found");
  }

  function vanish(session) {
    state.shown = false;
    session.recent = [];
    session.overlay.classList.remove("shown");
    if (session.overlay.pause) session.overlay.pause();
  }

  // ---- geometry ---------------------------------------------------------------------------------------------------

  /* Where the content's corners are in the camera's picture, by the marker's; steady in a hand that is not. */
  function follow(session, corners) {
    const onto = times(quadOf(corners), inverse(rectangle(campaign.marker.box)));
    const [left, top, width, height] = campaign.content.place;
    const spots = [[left, top], [left + width, top], [left + width, top + height], [left, top + height]];
    session.target = spots.map(([x, y]) => applied(onto, x, y));
    if (!session.quad || !state.shown) {
      session.quad = session.target;
      return;
    }
    // What moves little is trembling and is averaged; what moves far is the hand, and is followed.
    const size = Math.hypot(corners[2][0] - corners[0][0], corners[2][1] - corners[0][1]);
    const moved = Math.max(...session.target.map(([x, y], at) => Math.hypot(x - session.quad[at][0], y - session.quad[at][1])));
    const share = Math.min(Math.max(moved / (0.12 * size), 0.25), 1);
    session.quad = session.quad.map(([x, y], at) => [
      x + (session.target[at][0] - x) * share,
      y + (session.target[at][1] - y) * share,
    ]);
  }

  /* Lay the content over the camera's picture, which covers the stage and is cropped where it does not fit. */
  function place(session) {
    const { videoWidth: width, videoHeight: height } = camera;
    const scale = Math.max(stage.clientWidth / width, stage.clientHeight / height);
    const [left, top] = [(stage.clientWidth - width * scale) / 2, (stage.clientHeight - height * scale) / 2];
    const quad = session.quad.map(([x, y]) => [x * scale + left, y * scale + top]);
    const box = [0, 0, session.overlay.offsetWidth, session.overlay.offsetHeight];
    const [a, b, c, d, e, f, g, h, i] = times(quadOf(quad), inverse(rectangle(box)));
    const matrix = [a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i].map((value) => (value / i).toFixed(9));
    session.overlay.style.transform = `matrix3d(${matrix.join()})`;
    state.quad = quad;
  }

  /* Matrices of 3 × 3 by rows. From the unit square onto a quadrilateral: Heckbert, Fundamentals of Texture Mapping
     and Image Warping (1989), 2.2.3. */
  function quadOf([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]) {
    const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
    const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
    const both = dx1 * dy2 - dx2 * dy1;
    const g = (dx3 * dy2 - dx2 * dy3) / both;
    const h = (dx1 * dy3 - dx3 * dy1) / both;
    return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
  }

  const rectangle = ([left, top, width, height]) => [width, 0, left, 0, height, top, 0, 0, 1];

  function times(one, other) {
    return one.map((_, at) => {
      const [row, column] = [Math.floor(at / 3) * 3, at % 3];
      return one[row] * other[column] + one[row + 1] * other[column + 3] + one[row + 2] * other[column + 6];
    });
  }

  function inverse([a, b, c, d, e, f, g, h, i]) {
    const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g];
    const whole = a * A + b * B + c * C;
    return [A, c * h - b * i, b * f - c * e, B, a * i - c * g, c * d - a * f, C, b * g - a * h, a * e - b * d].map((value) => value / whole);
  }

  function applied([a, b, c, d, e, f, g, h, i], x, y) {
    const depth = g * x + h * y + i;
    return [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth];
  }

  // ---- the page ---------------------------------------------------------------------------------------------------

  /* Browsers inside other apps often have no camera and do not say so. */
  function inApp() {
    const agent = navigator.userAgent;
    if (/\bLine\//.test(agent)) return "line";
    return /FBA[NV]|Instagram|YJApp|MicroMessenger|; wv\)/.test(agent) ? "inapp" : "";
  }

  /* A campaign.json that somebody has edited must not make the page see markers where there are none. */
  function checked(read) {
    const { marker, content } = read;
    const boxes = [marker.box, content.place];
    const numbers = boxes.every((box) => box.length === 4 && box.every(Number.isFinite) && box[2] > 0 && box[3] > 0);
    if (!numbers || !(marker.id >= 0) || !(marker.maxHammingDistance <= 4)) throw new Error("campaign.json");
    return read;
  }

  async function begin() {
    coupon();
    window.addEventListener("hashchange", coupon);
    for (const button of document.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => ({ camera: start, plain: () => leave(""), sound: hear })[button.dataset.do]());
    }
    const able = window.isSecureContext && navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.Worker;
    if (!able) return show("plain", inApp() || "unsupported");
    try {
      const answer = await fetch("campaign.json");
      campaign = checked(await answer.json());
    } catch {
      return show("plain", "trouble");
    }
    for (const button of document.querySelectorAll("[data-do=camera]")) button.hidden = false;
    show("start", inApp());
  }

  const elsewhere = document.getElementById("elsewhere"); // LINE opens an address so marked in the phone's own browser
  if (elsewhere) elsewhere.href = `?openExternalBrowser=1${location.hash}`;
  begin();
})();
