"use strict";

// Shows what the builds tell while one replaces the other. Their texts come in as textContent, so they are never markup.

const BEAT_MILLIS = 500;
const RETRY_MILLIS = 1000;
const MOST_BARS = 60;
const MOST_SWAPS = 20;
const MOST_IN_A_CHAIN = 8;
const DOWNLOAD_STEP_MILLIS = 100;
const UNAVAILABLE = 503;

const byId = id => document.getElementById(id);
const fields = text => Object.fromEntries(new URLSearchParams(text));
const millis = time => (time < 10 ? time.toFixed(1) : Math.round(time).toLocaleString()) + " ms";
const pause = time => new Promise(resolve => setTimeout(resolve, time));
const color = generation => "gen-" + (generation - 1) % 4;

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** Says it to screen readers, too. */
function announce(text) {
  byId("announced").textContent = text;
}

// The generation that answers

const page = document.body.dataset;
let generation = Number(page.generation);
let swaps = 0;

function show(facts) {
  document.querySelector("h1").textContent = `Generation ${facts.generation}`;
  document.title = `Generation ${facts.generation} · Supervisor demo`;
  byId("greeting").textContent = facts.greeting;
  byId("built").dateTime = facts.built;
  byId("built").textContent = facts.built;
  document.documentElement.style.setProperty("--now", `var(--${color(facts.generation)})`);
}

/**
 * A new generation has answered for the first time.
 *
 * @param gap between the last answer of the one before and this one, in milliseconds; NaN if it is unknown
 */
function swapped(facts, gap) {
  const entry = element("li", "");
  entry.append(
    element("span", new Date().toLocaleTimeString()),
    element("b", `generation ${facts.generation} after ${generation}`, color(facts.generation)),
    element("span", gap >= 0 ? `${millis(gap)} between two answers of the WebSocket` : ""));
  byId("swaps").prepend(entry);
  byId("none")?.remove();
  byId("swaps").children[MOST_SWAPS]?.remove();
  generation = Number(facts.generation);
  swaps++;
  show(facts);
  announce(`Generation ${generation} answers now.`);
  notice(`The words around are still those of generation ${page.generation}, which has sent this page.`, "Reload it");
}

/** @param link what reloads the page; undefined if that is of no use */
function notice(text, link, trouble = false) {
  const place = byId("notice");
  place.hidden = !text;
  place.className = trouble ? "notice trouble" : "notice";
  place.textContent = text;
  if (link) {
    const reload = element("a", link);
    reload.href = "/";
    place.append(" ", reload);
  }
}

// The connections, by name

const connections = new Map();

function connection(name) {
  if (!connections.has(name)) {
    const row = element("li", "");
    const carried = element("small", "");
    const chain = element("ol", "", "chain");
    row.append(element("span", name), carried, chain);
    byId("connections").append(row);
    connections.set(name, {row, carried, chain, requests: new Map()});
  }
  return connections.get(name);
}

function chain({chain}, generations) {
  const shown = generations.slice(-MOST_IN_A_CHAIN).map(each => element("li", each, color(each)));
  if (generations.length > shown.length) {
    shown.unshift(element("li", `${generations.length - shown.length} others`));
  }
  chain.replaceChildren(...shown);
}

/** Each generation counts the requests anew. */
function answeredByHttp(facts) {
  const it = connection(facts.connection);
  it.requests.set(facts.generation, Number(facts.request));
  const carried = [...it.requests.values()].reduce((sum, each) => sum + each, 0);
  it.carried.textContent = `HTTP, ${carried} ${carried === 1 ? "request" : "requests"}`;
  byId("asked").textContent = `Request ${facts.request} of this generation on connection ${facts.connection}.`;
  chain(it, [...it.requests.keys()]);
}

/** Returns the facts of the answer; otherwise the status, or nothing if there is none. */
async function ask(request) {
  try {
    const response = await fetch("/greeting", request);
    if (!response.ok) {
      notice(`No build answers (status ${response.status}).`, "Show why", true);
      return response.status;
    }
    const facts = fields(await response.text());
    answeredByHttp(facts);
    return facts;
  } catch {
    notice("The supervisor can't be reached. Trying again.", undefined, true);
    return undefined;
  }
}

function askByHttp() {
  return ask({});
}

// The WebSocket: a message each half second

let socket;
let current; // the name of its connection
let sent; // when the message was sent that has no answer yet; undefined if there is none
let lastAnswer; // when it came; undefined if there is none on this connection
let leaving = false; // the generation has said that it is superseded
let ready = false; // for the next generation
let sequence = 0;
let longest = 0;
let closes = 0;

function beat() {
  if (sent === undefined && socket.readyState === WebSocket.OPEN) {
    sent = performance.now();
    socket.send(++sequence + (ready ? " ready" : ""));
  }
}

function received(message) {
  const facts = fields(message.data);
  if (facts.text !== undefined) {
    answered(facts);
  }
  if (facts.superseded === "true" && !leaving) {
    leaving = true;
    leave();
  } else if (ready) {
    beat(); // at once: the answer was the last one of the generation
  }
}

/** A build that has failed takes over, too, but can't go on with the WebSocket. So one that serves is awaited. */
async function leave() {
  const left = socket;
  while (await askByHttp() === UNAVAILABLE) {
    await pause(RETRY_MILLIS);
  }
  if (socket === left) {
    ready = true;
    beat();
  }
}

function answered(facts) {
  const now = performance.now();
  const took = now - sent;
  const gap = now - lastAnswer;
  sent = undefined;
  lastAnswer = now;
  current = facts.connection;
  bar(facts.generation, took);
  const it = connection(current);
  const messages = Number(facts.messages).toLocaleString();
  it.carried.textContent = `WebSocket, ${messages} messages`;
  chain(it, facts.generations.split(","));
  byId("answers").textContent = messages;
  byId("last").textContent = millis(took);
  if (Number(facts.generation) !== generation) {
    leaving = false;
    ready = false;
    if (gap >= 0) {
      longest = Math.max(longest, gap);
      byId("longest").textContent = millis(longest);
    }
    swapped(facts, gap);
  }
}

function bar(by, took) {
  const pulse = byId("pulse");
  const bar = element("span", "", color(by));
  bar.style.setProperty("--height", Math.min(100, 8 + 29 * Math.log10(1 + took)) + "%"); // 1 s is nearly all of it
  if (pulse.lastElementChild?.className !== bar.className) {
    bar.append(element("b", by));
  }
  pulse.append(bar);
  if (pulse.children.length > MOST_BARS) {
    pulse.firstElementChild.remove();
  }
  pulse.ariaLabel = `Answers of the WebSocket, as bars: the last one by generation ${by}, in ${millis(took)}`;
}

function open() {
  socket = new WebSocket(new URL("/socket", location.href.replace(/^http/, "ws")));
  socket.onopen = () => {
    if (closes > 0) {
      notice("");
    }
    beat();
  };
  socket.onmessage = received;
  socket.onclose = closed;
}

async function closed() {
  sent = undefined;
  lastAnswer = undefined;
  leaving = false;
  ready = false;
  if (current !== undefined) {
    connection(current).row.className = "closed";
    current = undefined;
    closes++;
    byId("closes").textContent = closes;
  }
  await askByHttp(); // tells why
  await pause(RETRY_MILLIS);
  open();
}

// The download

const bytes = text => new TextEncoder().encode(text).length;

/** What /slow sends, if nothing is lost, doubled or changed. */
function whole(by, total) {
  let lines = "";
  for (let at = 0; at <= total; at += DOWNLOAD_STEP_MILLIS) {
    lines += `generation ${by}: ${at} of ${total} ms\n`;
  }
  return lines;
}

async function download(total) {
  const before = swaps;
  byId("progress").value = 0;
  announce("The download begins.");
  const response = await fetch(`/slow?ms=${total}`);
  const parts = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await parts.read(); !part.done; part = await parts.read()) {
    text += part.value;
    progress(text, total);
  }
  const by = text.match(/\d+/)?.[0];
  const through = swaps - before === 1 ? "1 swap" : `${swaps - before} swaps`;
  const result = text === whole(by, total)
    ? `Whole: ${bytes(text).toLocaleString()} bytes, each as expected, all by generation ${by}, through ${through}.`
    : "Damaged: this is not what was sent.";
  byId("download-state").textContent = result;
  announce(result);
}

function progress(text, total) {
  const by = text.match(/\d+/)[0];
  const part = bytes(text) / bytes(whole(by, total));
  byId("progress").value = 100 * part;
  byId("progress").className = color(by);
  byId("download-state").textContent = `Generation ${by} sends it: ${Math.round(100 * part)} %.`
    + (Number(by) === generation ? "" : ` Generation ${generation} answers everything else.`);
}

byId("download").addEventListener("click", async () => {
  const button = byId("download");
  if (button.ariaDisabled === "true") {
    return;
  }
  button.ariaDisabled = "true"; // a disabled button would lose the focus
  try {
    await download(Number(button.dataset.millis));
  } catch (failure) {
    byId("download-state").textContent = `It failed: ${failure.message}`;
  } finally {
    button.ariaDisabled = "false";
  }
});

// The form

byId("form").addEventListener("submit", async event => {
  event.preventDefault();
  const facts = await ask({method: "POST", body: new URLSearchParams(new FormData(byId("form")))});
  if (facts?.greeting) {
    byId("form-answer").replaceChildren(
      element("span", facts.name ? `${facts.greeting}, ${facts.name}!` : `${facts.greeting}!`),
      element("small", `Generation ${facts.generation}, over ${facts.connection}`, color(facts.generation)));
  }
});

// A reload, as --refresh inject does it, keeps the text.
byId("name").value = sessionStorage.getItem("name") ?? "";
byId("name").addEventListener("input", () => sessionStorage.setItem("name", byId("name").value));

answeredByHttp(page);
document.documentElement.style.setProperty("--now", `var(--${color(generation)})`);
open();
setInterval(beat, BEAT_MILLIS);
