"use strict";
// Shows the result that stands in the page. Texts become text nodes, never markup: they come from the target.
const result = JSON.parse(document.getElementById("result").textContent);

/** Colors of the style sheet, which has them for both themes. */
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const COLORS = { p50: "p50", p99: "p99", max: "bad", answers: "p50", failures: "bad" };
const FAILURE_MEANINGS = {
  refused: "connections that nobody accepted",
  reset: "reset by the other side",
  closed: "closed before an answer, or in the middle of it",
  timedOut: "not answered in time",
  unfinished: "whose answer began and did not end",
  unexpected: "answers that came without a request",
  unsent: "due and never sent: no connection was free",
  badStatus: "a status that was not expected",
  badBody: "a body that was not expected",
  stale: "answered by a former version",
  malformed: "no HTTP/1.1",
  other: "of another kind",
};

const number = (value, digits = 0) =>
  value === undefined || value === null ? "–" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const millis = (value) => (value === undefined || value === null ? "–" : number(value, 3) + " ms");

// Tables

function cell(tag, text, isText) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (isText) {
    element.className = "text";
  }
  return element;
}

/** A row for each figure. The exact value of JSON stands in the attribute data-value. */
function figure(table, name, key, value, shown) {
  const row = table.insertRow();
  row.append(cell("td", name, true));
  const shownCell = cell("td", shown);
  shownCell.dataset.figure = key;
  shownCell.dataset.value = value;
  row.append(shownCell);
}

function head(table, names) {
  const row = table.createTHead().insertRow();
  names.forEach(([name, isText]) => row.append(cell("th", name, isText)));
}

function describe() {
  document.title = "supervisor load-test " + result.url;
  document.getElementById("title").textContent = result.url + (result.url.includes(result.address) ? "" : ` (${result.address})`);
  const pace = result.model === "open" ? `${number(result.rate)} requests/s due at fixed times` : "each asking when it has its answer";
  const pipelined = result.pipeline > 1 ? `, ${result.pipeline} requests at a time on each` : "";
  document.getElementById("how").textContent =
    `${result.startedAt}: ${result.connections} connections (${result.mode})${pipelined}, ${pace}, for ${number(result.seconds, 1)} s` +
    (result.interrupted ? ", interrupted" : "");
  const failedReloads = result.reloads.filter((reload) => reload.error).length;
  const verdict = document.getElementById("verdict");
  const good = result.answers > 0 && result.failed === 0 && failedReloads === 0;
  verdict.classList.toggle("bad", !good);
  verdict.textContent =
    (result.failed === 0 ? "No request failed" : `${number(result.failed)} of ${number(result.requests + result.unsent)} requests failed`) +
    (result.reloads.length > 0 ? ` in ${result.reloads.length} reloads` : "") +
    (failedReloads > 0 ? `; ${failedReloads} reloads failed` : "") +
    (result.answers === 0 ? "; there was no answer" : "");
}

function fillFigures() {
  const table = document.getElementById("figures");
  figure(table, "requests", "requests", result.requests, number(result.requests));
  figure(table, "answers", "answers", result.answers, number(result.answers));
  figure(table, "answers per second", "requestsPerSecond", result.requestsPerSecond, number(result.requestsPerSecond));
  for (const [name, value] of Object.entries(result.latency)) {
    figure(table, "latency " + name, "latency." + name, value, millis(value));
  }
  figure(table, "longest stall", "longestStall.millis", result.longestStall.millis, millis(result.longestStall.millis));
  figure(table, "failed", "failed", result.failed, number(result.failed));
  figure(table, "in flight when interrupted", "unanswered", result.unanswered, number(result.unanswered));
  figure(table, "due and never sent", "unsent", result.unsent, number(result.unsent));
  figure(table, "connections opened", "connectionsOpened", result.connectionsOpened, number(result.connectionsOpened));
  figure(table, "connections closed by the other side", "connectionsClosedByPeer", result.connectionsClosedByPeer, number(result.connectionsClosedByPeer));
}

function fillReloads() {
  document.getElementById("reloads").hidden = result.reloads.length === 0;
  const table = document.getElementById("reload-table");
  head(table, [["reload"], ["at"], ["version"], ["first new answer"], ["longest wait"], ["failures"], ["problem", true]]);
  const body = table.createTBody();
  for (const reload of result.reloads) {
    const row = body.insertRow();
    row.append(
      cell("td", reload.number), cell("td", number(reload.at, 3) + " s"), cell("td", reload.version ?? "–"),
      cell("td", millis(reload.firstAnswerMillis)), cell("td", millis(reload.longestWaitMillis)),
      cell("td", number(reload.failures)), cell("td", reload.error ?? "", true));
    row.classList.toggle("bad", Boolean(reload.error) || reload.failures > 0);
  }
}

function fillFailures() {
  document.getElementById("failures").hidden = result.failed === 0;
  const table = document.getElementById("failure-table");
  head(table, [["requests"], ["kind", true], ["the first", true]]);
  const body = table.createTBody();
  for (const [kind, count] of Object.entries(result.failures).filter(([, count]) => count > 0)) {
    const example = result.examples.find((candidate) => candidate.kind === kind);
    const row = body.insertRow();
    row.append(
      cell("td", number(count)), cell("td", FAILURE_MEANINGS[kind] ?? kind, true),
      cell("td", example ? `after ${number(example.at, 3)} s: ${example.detail}` : "", true));
  }
}

// Plots

/** Dashed lines where a reload began. */
const reloadMarks = {
  hooks: {
    draw: (plot) => {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.strokeStyle = color("reload");
      ctx.lineWidth = 2;
      ctx.setLineDash([4, 4]);
      for (const reload of result.reloads) {
        const x = Math.round(plot.valToPos(reload.at, "x", true));
        if (x >= bbox.left && x <= bbox.left + bbox.width) {
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
      }
      ctx.restore();
    },
  },
};

const seriesOf = (key, unit, scale) => ({
  label: key,
  scale,
  stroke: () => color(COLORS[key]),
  width: 1.5,
  points: { show: result.samples.length < 200, size: 4 },
  value: (plot, value) => (value === null || value === undefined ? "–" : number(value, unit ? 3 : 0) + unit),
});

const width = () => document.getElementById("latency-plot").clientWidth;
const plots = [];

function draw(id, options, data) {
  const plot = new uPlot({ width: width(), height: 280, ...options }, data, document.getElementById(id));
  plots.push(plot);
}

const axis = (label, extra = {}) => ({ label, labelSize: 20, labelFont: "13px system-ui", stroke: () => color("text"), grid: { stroke: () => color("line") },
  ticks: { stroke: () => color("line") }, ...extra });
const valueAxis = (label) => axis(label, { size: 64 });

function drawOverTime() {
  const times = result.samples.map((sample) => sample.at + sample.seconds / 2);
  const column = (key) => result.samples.map((sample) => sample[key] ?? null);
  const seconds = { label: "s", value: (plot, value) => (value === null ? "–" : number(value, 2) + " s") };
  draw("latency-plot", {
    plugins: [reloadMarks],
    scales: { x: { time: false }, y: { distr: 3 } },
    axes: [axis("seconds", { size: 30 }), valueAxis("latency, ms (log)")],
    series: [seconds, ...["max", "p99", "p50"].map((key) => seriesOf(key, " ms", "y"))],
  }, [times, column("max"), column("p99"), column("p50")]);
  draw("rate-plot", {
    plugins: [reloadMarks],
    scales: { x: { time: false }, y: { range: (plot, low, high) => [0, Math.max(high * 1.05, 1)] } },
    axes: [axis("seconds", { size: 30 }), valueAxis("per second")],
    series: [seconds, seriesOf("answers", "", "y"), seriesOf("failures", "", "y")],
  }, [times, ...["answers", "failures"].map((key) => result.samples.map((sample) => sample[key] / sample.seconds))]);
}

/** The scale of HdrHistogram's plots: each nine is as wide as the one before it. */
function drawPercentiles() {
  const points = result.percentiles.filter(([share]) => share < 1);
  draw("percentile-plot", {
    scales: { x: { time: false, distr: 3 } },
    axes: [
      axis("percentile", { size: 30, values: (plot, ticks) => ticks.map((tick) => (tick && Math.log10(tick) % 1 === 0 ? percent(tick) : "")) }),
      valueAxis("latency, ms"),
    ],
    series: [
      { label: "percentile", value: (plot, value) => (value === null ? "–" : percent(value)) },
      { label: "latency", stroke: () => color("p50"), width: 1.5, points: { show: false }, value: (plot, value) => millis(value) },
    ],
  }, [points.map(([share]) => 1 / (1 - share)), points.map(([, latency]) => latency)]);
}

const percent = (inverse) => Number((100 * (1 - 1 / inverse)).toPrecision(7)) + "%";

describe();
fillFigures();
fillReloads();
fillFailures();
if (result.samples.length > 0) {
  drawOverTime();
}
if (result.percentiles.length > 0) {
  drawPercentiles();
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach((plot) => plot.redraw()));
addEventListener("resize", () => plots.forEach((plot) => plot.setSize({ width: width(), height: 280 })));
