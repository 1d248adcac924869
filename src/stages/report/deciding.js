"use strict";
const gate = document.querySelector("#gate");
const words = document.querySelector("#words"), patchText = document.querySelector("#patch");
const mine = document.body.dataset.seq;
// What the person did is answered in one line, what goes on in another.
const said = (text) => { document.querySelector("#said").textContent = text; };
const tell = (text) => { document.querySelector("#now").textContent = text; };
const ask = async (path, body) => {
  const r = await fetch(path, body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {});
  const answer = await r.json().catch(() => ({}));
  if (!r.ok) throw new Error(answer.error || r.statusText);
  return answer;
};
// Kept over a reload: what was written about this content, where one stood, what one had seen.
const store = "review " + location.pathname + " ";
const keep = (name, value) => { try { sessionStorage.setItem(store + name, value); } catch (e) { /* a full store keeps nothing */ } };
const kept = (name) => sessionStorage.getItem(store + name) || "";
const about = gate.dataset.stage || "";
for (const field of [words, patchText].filter(Boolean)) {
  field.value = kept(field.id + about);
  field.addEventListener("input", () => keep(field.id + about, field.value));
}
const written = () => [words, patchText].some((f) => f && f.value.trim());
scrollTo(0, Number(kept("at")) || 0);
if (kept("did")) { said(kept("did")); keep("did", ""); gate.tabIndex = -1; gate.focus({ preventScroll: true }); }
// Another version in the place of the one a person was looking at is not approved by the same click.
let unseen = kept("stage") === about && kept("seen") && kept("seen") !== gate.dataset.fingerprint;
if (unseen) tell("This is not what you saw before: it was changed meanwhile.");
keep("stage", about); keep("seen", gate.dataset.fingerprint || "");
const again = (did) => {
  keep("at", String(scrollY));
  if (did) { keep("did", did); keep("seen", ""); }
  location.reload();
};
const decide = (verdict, onward) => async () => {
  const text = words.value.trim();
  if (verdict === "change" && !text) { said("Say what should change."); words.focus(); return; }
  if (verdict !== "change" && unseen) { unseen = false; said("It was changed since you saw it. Look at it, then press again."); return; }
  const body = { stage: about, fingerprint: gate.dataset.fingerprint, verdict };
  if (text) body[verdict === "change" ? "feedback" : "note"] = text;
  if (document.querySelector("#override")?.checked) body.override_it = true;
  await ask("decide", body);
  keep("words" + about, "");
  if (onward) await ask("go", {});
  again(about + (verdict === "approve" ? " is approved." : verdict === "change" ? " will be changed." : " is rejected."));
};
const patch = (apply) => async () => {
  const answer = await ask("patch", { stage: about, patch: patchText.value, apply });
  if (apply) { keep("patch" + about, ""); again("The patch is applied."); return; }
  const told = document.querySelector("#told");
  told.hidden = false; told.textContent = answer.text; told.focus();
};
const acts = {
  approve: decide("approve"), onward: decide("approve", true), change: decide("change"), reject: decide("reject"),
  check: patch(false), patch: patch(true), fresh: async () => again(),
  go: async () => { await ask("go", {}); await look(); },
  done: async () => { await ask("done", {}); over = true; document.body.textContent = "Closed. This page may be left."; },
};
// Two versions of a stage: what reads differently, and pictures that look different, side by side.
const chosen = () => document.querySelector("#versions-of").value.split(" ");
const compare = async () => {
  const [stage, from] = chosen(), to = document.querySelector("#versions-to").value;
  const answer = await ask(`difference/${stage}/${from}/${to}`);
  const told = document.querySelector("#versions-told");
  told.hidden = false; told.textContent = answer.text || "They are the same."; told.focus();
  document.querySelector("#versions-pictures").replaceChildren(...answer.pictures.map(({ file, sides }) => {
    const card = document.createElement("article"), name = document.createElement("p"), open = document.createElement("button");
    card.className = "shot takes"; name.textContent = file; open.className = "ab-open"; open.type = "button"; open.textContent = "Compare"; open.hidden = sides.length < 2;
    card.append(...sides.map((at) => {
      const img = document.createElement("img");
      img.src = `kept/${stage}/${at}/${file}`; img.alt = (at === "now" ? "now" : "version " + at) + " of " + file;
      img.dataset.take = at; img.dataset.placed = String(at === "now");
      return img;
    }), name, open);
    return card;
  }));
};
// A page that came anew by itself may have put another button under a finger that was on its way.
const SETTLES = 400, came = performance.now(), unasked = kept("unasked");
keep("unasked", "");
const hurried = () => unasked && performance.now() - came < SETTLES;
document.addEventListener("click", async (e) => {
  const b = e.target.closest("button");
  if (!b) return;
  if (b.dataset.act && hurried()) { said("The page changed just now. Look, then press again."); return; }
  try {
    if (b.dataset.act) { b.disabled = true; said("…"); await acts[b.dataset.act](); if (document.querySelector("#said")?.textContent === "…") said(""); }
    else if (b.dataset.pick) { const [stage, item, take] = b.dataset.pick.split(" "); await ask("pick", { stage, item, take: Number(take) }); again("Take " + take + " of " + item + " is in its place."); }
    else if (b.dataset.say && words) { words.value += (words.value && !words.value.endsWith("\n") ? "\n" : "") + b.dataset.say; keep("words" + about, words.value); words.focus(); words.scrollIntoView({ block: "center" }); }
    else if (b.id === "compare-versions") await compare();
    else if (b.id === "restore-version") { const [stage, version] = chosen(); await ask("restore", { stage, version: Number(version) }); again("Version " + version + " of " + stage + " is in its place."); }
  } catch (error) { said(error.message); }
  b.disabled = false;
});
if (!words) for (const b of document.querySelectorAll("[data-say]")) b.hidden = true;
// What happens elsewhere (another shell, a painted picture, a run at work) is looked for. Nobody's words, film or
// comparison is taken away for it.
let over = false, running = false;
const fresh = () => {
  const film = document.querySelector("video");
  if (!written() && !document.querySelector("dialog[open]") && (!film || film.paused)) { keep("unasked", "yes"); again(); return; }
  tell("Something changed meanwhile.");
  document.querySelector("#fresh").hidden = false;
};
const look = async () => {
  if (over) return;
  let state;
  try { state = await ask("state"); } catch (e) { tell("The studio does not answer (" + e.message + "); trying again …"); return; }
  if (state.going || (state.status === "processing" && !state.waiting_at)) { running = true; tell("At work: " + (state.making || "the run") + " …"); return; }
  if (String(state.seq) !== mine || running) { running = false; fresh(); return; }
  setTimeout(() => { document.body.dataset.idle = "yes"; }, hurried() ? SETTLES : 0);
  if (!unseen) tell(state.message);
};
setInterval(look, 1500); look();
