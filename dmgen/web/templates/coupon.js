
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const told = byId("coupon").dataset;
  const show = (id, is) => { const element = byId(id); if (element) element.hidden = !is; };

  // The sum of 3^(place from the right) x value is 0 modulo 31 (dmgen/offers/coupon.py).
  const sound = (code) => [...code].reduce((sum, c) => (sum * 3 + told.alphabet.indexOf(c)) % 31, 0) === 0;

  const read = () => {
    let text = "";
    try { text = decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
    if (told.checked === "yes") text = text.normalize("NFKC").toUpperCase().replace(/[\s-]/g, "");
    const fits = text.length >= Number(told.shortest) && text.length <= Number(told.longest)
      && [...text].every((c) => told.alphabet.includes(c));
    return fits && (told.checked !== "yes" || sound(text)) ? text : "";
  };

  const update = () => {
    const code = read(), place = byId("code"), checked = told.checked === "yes";
    // As the letter shows it and carts know it: ours in fours with hyphens.
    place.textContent = checked ? code.replace(/.{4}(?=.)/g, "$&-") : code;
    place.classList.toggle("long", !checked);
    byId("status").textContent = "";
    show("own", code !== "");
    show("printed", code === "");
    show("broken", code === "" && location.hash.length > 1);
    const now = Date.now();
    const ended = told.ends !== "" && now >= Number(told.ends);
    show("ended", ended);
    for (const id of ["copy", "how"]) show(id, !ended);
    show("early", told.starts !== "" && now < Number(told.starts));
    byId("coupon").classList.toggle("is-ended", ended);
  };

  const copy = async () => {
    const place = byId("code"), status = byId("status");
    let done = false;
    try {
      await navigator.clipboard.writeText(place.textContent);
      done = true;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(place);
      const chosen = getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      done = document.execCommand("copy");
    }
    status.textContent = done ? status.dataset.copied : status.dataset.failed;
  };

  byId("copy").addEventListener("click", copy);
  addEventListener("hashchange", update);
  addEventListener("pageshow", update);
  update();
})();
