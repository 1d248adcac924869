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
