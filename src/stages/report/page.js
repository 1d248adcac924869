"use strict";
const film = document.querySelector("video");
const shots = [...document.querySelectorAll("[data-at]")];
const go = (at) => { if (!film) return; film.currentTime = Number(at) + 0.01; film.play().catch(() => {}); };
for (const b of shots) b.addEventListener("click", () => { go(b.dataset.at); if (film) film.scrollIntoView({ block: "nearest" }); });
const marks = [...document.querySelectorAll(".marks button")];
const now = () => { let n = -1; marks.forEach((m, i) => { if (film.currentTime >= Number(m.dataset.at)) n = i; }); return n; };
if (film) film.addEventListener("timeupdate", () => { const n = now(); marks.forEach((m, i) => m.setAttribute("aria-current", String(i === n))); });
document.addEventListener("keydown", (e) => {
  if (!film || e.target.closest("input,textarea,select") || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "j" || e.key === "k") { const n = now() + (e.key === "j" ? 1 : -1); if (marks[n]) go(marks[n].dataset.at); }
  if (e.key === " " && e.target === document.body) { e.preventDefault(); film.paused ? film.play() : film.pause(); }
});
const weak = document.querySelector("#weak");
if (weak) weak.addEventListener("change", () => {
  for (const grid of document.querySelectorAll(".shots")) {
    const cards = [...grid.children];
    cards.sort((a, b) => weak.checked ? a.dataset.score - b.dataset.score : a.dataset.n - b.dataset.n);
    cards.forEach((c) => grid.append(c));
  }
});
// Two takes of one picture, or two versions of it, one over the other.
const ab = document.querySelector("#ab");
const by = (id) => document.querySelector("#ab-" + id);
let pair = [];
const lay = () => {
  const [a, b] = ["a", "b"].map((n) => pair[by(n).selectedIndex]);
  by("left").src = a.src; by("right").src = b.src;
  by("left").alt = a.alt; by("right").alt = b.alt;
  by("picks").replaceChildren(...[a, b].map((img) => img.parentElement.querySelector("[data-pick]")).filter(Boolean).map((pick) => pick.cloneNode(true)));
};
document.addEventListener("click", (e) => {
  const open = e.target.closest(".ab-open");
  if (!open) return;
  pair = [...open.closest(".takes").querySelectorAll("img[data-take]")];
  for (const n of ["a", "b"]) by(n).replaceChildren(...pair.map((img) => new Option(img.alt.split(" of ")[0] + (img.dataset.placed === "true" ? ", in place" : ""))));
  const placed = Math.max(0, pair.findIndex((img) => img.dataset.placed === "true"));
  by("a").selectedIndex = placed; by("b").selectedIndex = placed === pair.length - 1 ? 0 : pair.length - 1;
  lay(); ab.showModal();
});
for (const n of ["a", "b"]) by(n).addEventListener("change", lay);
by("cut").addEventListener("input", () => ab.style.setProperty("--cut", by("cut").value + "%"));
by("close").addEventListener("click", () => ab.close());
