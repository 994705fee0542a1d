
"use strict";
// The order in which a listener hears the clips, and the table that comes back.

const test = JSON.parse(document.getElementById("test-data").textContent);
const columns = ["test", "listener", "session", "seed", "position", "clip", "naturalness", "digit",
  "plays", "milliseconds", "check"];

// Chance ---------------------------------------------------------------------------------------

function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

function mulberry32(seed) { // numbers in [0, 1) that depend on the seed alone
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(seed) { // Fisher and Yates
  const order = test.clips.map((clip) => clip.id), random = mulberry32(seed);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

// The table ------------------------------------------------------------------------------------

function check(words) { // FNV-1a, 32 bits: shows an answer that was altered by mistake
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(words.join("|"))) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return "c" + (hash >>> 0).toString(16).padStart(8, "0");
}

function table(state) {
  const lines = state.rows.map((row, index) => {
    const words = [test.test, state.session, state.seed, index + 1, row.clip, row.naturalness,
      row.digit, row.plays, row.milliseconds];
    return [words[0], state.listener, ...words.slice(1), check(words)].join(",");
  });
  return "\ufeff" + [columns.join(","), ...lines].join("\r\n") + "\r\n";
}
