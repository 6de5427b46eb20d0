
"use strict";
(() => {
  const lot = document.getElementById("lot");
  let asked = 0;

  const show = (state, prizes = []) => {
    for (const part of lot.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
    for (const part of lot.querySelectorAll("[data-prize]")) part.hidden = !prizes.includes(part.dataset.prize);
    lot.classList.toggle("is-won", state === "won");
  };

  const digest = async (token) => {
    const bytes = new TextEncoder().encode(lot.dataset.purpose + token);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // dmgen/web/lottery.py says how a link's token, its check and the names in instant.json belong together.
  const look = async (link) => {
    if (!link) return ["empty"];
    const found = /^([0-9A-Za-z]{12})-([0-9a-f]{4})$/.exec(link);
    if (!found) return ["broken"];
    const hash = await digest(found[1]);
    if (!hash.startsWith(found[2])) return ["broken"];
    const answer = await fetch(lot.dataset.wins);
    if (!answer.ok) return ["failed"];
    const told = await answer.json();
    if (told.format !== 1) return ["failed"];
    const prizes = told.wins[hash.slice(0, 32)];
    return prizes ? ["won", prizes] : ["lost"];
  };

  const update = async () => {
    const turn = ++asked;
    show("checking");
    const told = await look(location.hash.slice(1)).catch(() => ["failed"]);
    if (turn === asked) show(...told);
  };

  addEventListener("hashchange", update);
  addEventListener("pageshow", (event) => { if (event.persisted) update(); });
  update();
})();
