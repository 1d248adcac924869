"use strict";
const gate = document.querySelector("#gate");
const said = (text) => { document.querySelector("#said").textContent = text; };
const words = document.querySelector("#words");
const ask = async (path, body) => {
  const r = await fetch(path, body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {});
  const answer = await r.json().catch(() => ({}));
  if (!r.ok) throw new Error(answer.error || r.statusText);
  return answer;
};
// What was written is kept over a reload, until it was said.
const store = "review " + location.pathname;
const keep = () => { try { sessionStorage.setItem(store, words ? words.value : ""); } catch (e) { /* a full store keeps nothing */ } };
if (words) { words.value = sessionStorage.getItem(store) || ""; words.addEventListener("input", keep); }
const again = () => { sessionStorage.setItem(store + " at", String(scrollY)); location.reload(); };
scrollTo(0, Number(sessionStorage.getItem(store + " at")) || 0);
const decide = (verdict, onward) => async () => {
  const body = { stage: gate.dataset.stage, fingerprint: gate.dataset.fingerprint, verdict };
  const text = words.value.trim();
  if (verdict === "change" && !text) { said("Say what should change."); words.focus(); return; }
  if (text) body[verdict === "change" ? "feedback" : "note"] = text;
  if (document.querySelector("#override")?.checked) body.override_it = true;
  await ask("decide", body);
  words.value = ""; keep();
  if (onward) await ask("go", {});
  again();
};
const patch = (apply) => async () => {
  const answer = await ask("patch", { stage: gate.dataset.stage, patch: document.querySelector("#patch").value, apply });
  if (apply) { again(); return; }
  const told = document.querySelector("#told");
  told.hidden = false; told.textContent = answer.text; told.focus();
};
const acts = {
  approve: decide("approve"), onward: decide("approve", true), change: decide("change"), reject: decide("reject"),
  check: patch(false), patch: patch(true),
  go: async () => { await ask("go", {}); await look(); },
  done: async () => { await ask("done", {}); over = true; document.body.textContent = "Closed. This page may be left."; },
};
document.addEventListener("click", async (e) => {
  const b = e.target.closest("button");
  if (!b) return;
  try {
    if (b.dataset.act) { b.disabled = true; said("…"); await acts[b.dataset.act](); if (document.querySelector("#said")?.textContent === "…") said(""); }
    else if (b.dataset.pick) { const [stage, item, take] = b.dataset.pick.split(" "); await ask("pick", { stage, item, take: Number(take) }); again(); }
    else if (b.dataset.say && words) { words.value += (words.value && !words.value.endsWith("\n") ? "\n" : "") + b.dataset.say; keep(); words.focus(); words.scrollIntoView({ block: "center" }); }
    else if (b.id === "compare-versions") {
      const [stage, from, to] = ["stage", "from", "to"].map((n) => document.querySelector("#versions-" + n).value);
      const told = document.querySelector("#versions-told");
      told.hidden = false; told.textContent = (await ask(`difference/${stage}/${from}/${to}`)).text || "They are the same.";
    }
  } catch (error) { said(error.message); }
  b.disabled = false;
});
// What happens elsewhere (another shell, a painted picture, a run at work) is looked for.
let over = false, running = false;
const look = async () => {
  if (over) return;
  try {
    const state = await ask("state");
    if (state.going || state.status === "processing") { running = true; said("At work: " + (state.making || state.status) + " …"); return; }
    const mine = document.body.dataset.seq;
    if (String(state.seq) !== mine || running) {
      running = false;
      if (words && document.activeElement === words && words.value) { said("Something changed meanwhile; reload to see it."); return; }
      again();
    } else { document.body.dataset.idle = "yes"; if (state.message) said(state.message); }
  } catch (e) { said("The studio does not answer (" + e.message + "); trying again …"); }
};
setInterval(look, 1500); look();
