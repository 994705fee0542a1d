
// One clip at a time, in an order of the listener's own. What happens to be on the screen follows
// from `state` alone; every answer is stored at once, so a closed window loses nothing.

const wavOf = new Map(test.clips.map((clip) => [clip.id, clip.wav]));
const storeName = "listening-test:" + test.test;
const scale = ["completely unnatural", "mostly unnatural", "equally natural and unnatural",
  "mostly natural", "completely natural"];
const $ = (id) => document.getElementById(id);
const audio = new Audio();
let state = null; // what is remembered of the listener, once the page has arrived
let shownAt = 0; // when the clip on the screen was heard first
let current = { digit: "", naturalness: "", plays: 0 };
let asked = "digit"; // the question that the number keys answer
let byPointer = false; // whether the last thing used was a mouse or a finger

// What is remembered ---------------------------------------------------------------------------

// Chromium may give the script of a local file that asks too early an empty localStorage that leads
// nowhere, and the answers would be forgotten. After an answer of the browser itself, whatever it
// says, the page has arrived and the memory is its own.
function arrived() {
  const answered = navigator.locks ? navigator.locks.query().catch(() => null) : null;
  return Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 1000))]);
}

function load() {
  try {
    const found = JSON.parse(localStorage.getItem(storeName));
    const known = found && Array.isArray(found.order) && Array.isArray(found.rows)
      && found.order.every((id) => wavOf.has(id)) && found.order.length === test.clips.length;
    return known ? found : null;
  } catch {
    return null;
  }
}

function save() {
  try {
    localStorage.setItem(storeName, JSON.stringify(state));
  } catch {
    warn("This browser does not let the page remember your answers. Do not close or reload it " +
      "before you have downloaded them.");
  }
}

function newListener(name) {
  const asked = new URLSearchParams(location.search).get("seed");
  const seed = /^\d{1,9}$/.test(asked || "") ? Number(asked) : randomSeed();
  const session = "s" + randomSeed().toString(16).padStart(8, "0");
  // Only what no spreadsheet takes for a formula, a number or the end of a cell.
  const clean = name.replace(/[^\p{L}\p{M}\p{N} ._-]/gu, " ").replace(/^[-._ ]+/, "").trim();
  return { listener: clean || session, session, seed, order: shuffled(seed), rows: [],
    current: null, downloaded: false };
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([table(state)], { type: "text/csv;charset=utf-8" }));
  link.download = "ratings-" + state.listener.replace(/[^\p{L}\p{N}]+/gu, "-") + "-" +
    state.session + ".csv";
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  state.downloaded = true;
  save();
  $("downloaded").hidden = false;
  $("downloaded").textContent = link.download + " is where your browser puts downloads. " +
    "Give it to the person who runs this test.";
  say("Downloaded.");
}

// The screen -----------------------------------------------------------------------------------

function say(text) { $("status").textContent = text; }

function warn(text) { $("problem").textContent = text; $("problem").hidden = false; }

function show(section) {
  audio.pause();
  for (const name of ["welcome", "rating", "done"]) $(name).hidden = name !== section;
}

function showWelcome() {
  show("welcome");
  $("how-many").textContent = test.clips.length;
  const begun = Boolean(state);
  $("erase").hidden = !begun;
  $("listener").disabled = begun;
  $("listener").value = begun ? state.listener : "";
  $("start").textContent = !begun ? "Start"
    : state.rows.length < state.order.length
      ? `Go on with clip ${state.rows.length + 1} of ${state.order.length}` : "To my answers";
}

function showClip() {
  if (state.rows.length === state.order.length) return showDone();
  show("rating");
  current = state.current || { digit: "", naturalness: "", plays: 0 };
  asked = current.digit ? "naturalness" : "digit";
  shownAt = performance.now();
  const place = state.rows.length + 1, all = state.order.length;
  $("heading").textContent = `Clip ${place} of ${all}`;
  $("progress").max = all;
  $("progress").value = state.rows.length;
  audio.src = "data:audio/wav;base64," + wavOf.get(state.order[state.rows.length]);
  showAnswers();
  $("play").focus();
  say(`Clip ${place} of ${all}.`);
}

function showAnswers() {
  for (const name of ["digit", "naturalness"]) {
    $(name).disabled = current.plays === 0;
    $(name).classList.toggle("active", current.plays > 0 && name === asked);
    for (const input of $(name).querySelectorAll("input")) {
      input.checked = input.value === current[name];
    }
  }
  $("next").disabled = !(current.digit && current.naturalness);
}

function showDone() {
  show("done");
  const left = state.order.length - state.rows.length;
  $("done-heading").textContent = left ? "Stopped for now" : "Thank you";
  $("done-text").textContent = left
    ? `You have rated ${state.rows.length} of ${state.order.length} clips. They are remembered in ` +
      "this browser; you can also download them now."
    : `You have rated all ${state.order.length} clips. Download your answers and hand them in.`;
  $("resume").hidden = !left;
  $("download").disabled = !state.rows.length;
  $("downloaded").hidden = true;
  $("done-heading").focus();
}

// What a listener does -------------------------------------------------------------------------

async function play() {
  try {
    audio.currentTime = 0;
    await audio.play();
  } catch (error) {
    if (error.name === "AbortError") return; // the listener was faster and went on
    return warn("The sound could not be played (" + error.message + ").");
  }
  if (current.plays++ === 0) shownAt = performance.now();
  remember();
  showAnswers();
}

function answer(question, value) {
  if (current.plays === 0) return say("Play the clip first.");
  current[question] = value;
  remember();
  if (question === "digit") {
    say(`${value === "unclear" ? "I cannot tell" : "Digit " + value}. Now: how natural, 1 to 5?`);
  } else {
    say(`Naturalness ${value}, ${scale[value - 1]}.`);
  }
}

function remember() {
  state.current = current;
  save();
}

function next() {
  if (!(current.digit && current.naturalness && current.plays)) return;
  state.rows.push({ clip: state.order[state.rows.length], naturalness: current.naturalness,
    digit: current.digit, plays: current.plays,
    milliseconds: Math.round(performance.now() - shownAt) });
  state.current = null;
  state.downloaded = false;
  save();
  showClip();
}

function startAnew(question) {
  const unsaved = state && state.rows.length && !state.downloaded;
  if (unsaved && !confirm(question)) return;
  state = null;
  try { localStorage.removeItem(storeName); } catch { /* then there was nothing to forget */ }
  showWelcome();
  $("listener").focus();
}

function pressed(event) {
  byPointer = false;
  if ($("rating").hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = event.target, key = event.key;
  const onPlay = at.id === "play", onButton = at.tagName === "BUTTON" && !onPlay;
  if (key === " " && !onButton && !(at.type === "radio" && !at.checked)) {
    event.preventDefault();
    if (!event.repeat) play();
  } else if (key === "Enter" && !onButton && !(onPlay && $("next").disabled)) {
    event.preventDefault();
    if (!event.repeat) next();
  } else if (key === "Backspace") {
    event.preventDefault();
    $("digit").focus();
  } else if (!event.repeat && (/^[0-9]$/.test(key) || key.toLowerCase() === "x")) {
    byKey(key.toLowerCase());
  }
}

function byKey(key) {
  if (asked === "digit") {
    answer("digit", key === "x" ? "unclear" : key);
    if (current.plays) $("naturalness").focus();
  } else if (/^[1-5]$/.test(key)) {
    answer("naturalness", key);
  } else {
    say("Naturalness goes from 1 to 5.");
  }
  showAnswers();
}

function addChoice(question, value, big, words) {
  const label = document.createElement("label"), input = document.createElement("input");
  const face = document.createElement("span"), number = document.createElement("b");
  label.className = "choice";
  Object.assign(input, { type: "radio", name: question, value });
  input.addEventListener("change", () => {
    answer(question, value);
    if (byPointer) asked = "naturalness"; // with the arrow keys one may still be on the way
    showAnswers();
  });
  number.textContent = big;
  face.append(number, words);
  label.append(input, face);
  $(question + "-choices").append(label);
}

for (let digit = 0; digit < 10; digit++) addChoice("digit", String(digit), digit, "");
addChoice("digit", "unclear", "", "I cannot tell");
scale.forEach((words, index) => addChoice("naturalness", String(index + 1), index + 1, words));

$("begin").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!state) { state = newListener($("listener").value); save(); }
  showClip();
});
$("check").addEventListener("click", () => {
  audio.src = "data:audio/wav;base64," + test.check;
  audio.play().catch((error) => warn("The sound could not be played (" + error.message + ")."));
});
$("answers").addEventListener("submit", (event) => { event.preventDefault(); next(); });
$("answers").addEventListener("focusin", (event) => {
  const question = event.target.closest("fieldset");
  if (question) { asked = question.id; showAnswers(); }
});
$("play").addEventListener("click", play);
$("pause").addEventListener("click", showDone);
$("resume").addEventListener("click", showClip);
$("download").addEventListener("click", download);
$("erase").addEventListener("click", () =>
  startAnew("Erase the answers of this listener? They have not been downloaded."));
$("another").addEventListener("click", () =>
  startAnew("These answers have not been downloaded. Erase them all the same?"));
document.addEventListener("keydown", pressed);
document.addEventListener("pointerdown", () => { byPointer = true; });
arrived().then(() => { state = load(); showWelcome(); });
