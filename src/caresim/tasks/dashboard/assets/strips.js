// The run so far as four small series, on the axis of the whole run; and the timeline one jumps on.

const WIDTHS = [1.1, 2, 0.9, 0.85];  // of the panels
const MARGIN = 10.5;  // of the timeline, in letters, for the words on its left

// [title, series with their colour and name]; `media`: word -> [name, colour, colour on a dark page].
function panels(past, media, colours, dark) {
  const hue = (medium) => media[medium][dark ? 2 : 1];
  const waiting = Object.keys(past).filter((name) => name.startsWith("waiting_")).map((name) => name.slice(8));
  return [
    ["posts per hour", [["posts", colours.lost, "all"], ["passenger_posts", hue("public"), "passengers'"]]],
    ["waiting", waiting.map((medium) => ["waiting_" + medium, hue(medium), media[medium][0]])],
    ["anger in public", [["mood", colours.waiting, ""]]],
    ["free seats", [["seats", colours.answered, ""]]],
  ];
}

// The height of each panel's axis, the same for all models shown so that they can be compared.
function roofs(pasts, media, colours, dark) {
  if (!pasts.length) return [];
  return panels(pasts[0], media, colours, dark).map((unused, p) => roof(Math.max(1, ...pasts.map((past) =>
    Math.max(...panels(past, media, colours, dark)[p][1].map(
      ([name]) => past[name].reduce((most, value) => Math.max(most, value), 0)))))));
}

function drawStrips(canvas, past, tops, setup, now, colours, dark) {
  const { pen, wide, tall } = easel(canvas);
  const size = colours.size, gap = 1.1 * size;
  const shown = panels(past, setup.media, colours, dark);
  const room = wide - gap * (shown.length - 1), whole = WIDTHS.reduce((sum, share) => sum + share);
  let edge = 0;
  shown.forEach(([title, series], p) => {
    const width = room * WIDTHS[p] / whole, left = edge, top = 2.25 * size, bottom = tall - 0.95 * size;
    const at = (minute) => left + width * (minute - setup.begins) / (setup.ends - setup.begins);
    const high = (value) => bottom - (bottom - top) * value / tops[p];
    pen.fillStyle = colours.paper; pen.fillRect(left, top, width, bottom - top);
    pen.fillStyle = colours.night;
    for (const [dusk, dawn] of setup.nights) pen.fillRect(at(dusk), top, at(dawn) - at(dusk), bottom - top);
    let x = left + write(pen, colours, title, left, 0.85 * size, { colour: colours.ink, size: 0.88 }) + 0.5 * size;
    write(pen, colours, grouped(tops[p]), left + width - 2, top + 0.8 * size, { size: 0.72, align: "right" });
    x = left;
    for (const [name, colour, word] of series) {
      const values = past[name], last = values.length ? values[values.length - 1] : 0;
      pen.strokeStyle = colour; pen.lineWidth = 1.5; pen.beginPath();
      for (let k = 0; k < values.length; k++) pen[k ? "lineTo" : "moveTo"](at(past.time[k]), high(values[k]));
      pen.stroke();
      const text = grouped(last) + (word ? " " + word : "");
      if (series.length < 4 || last > 0)
        x += write(pen, colours, text, x, 1.85 * size, { colour, size: 0.78, weight: "bold" }) + 0.45 * size;
    }
    pen.strokeStyle = colours.quiet; pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(at(now), top); pen.lineTo(at(now), bottom); pen.stroke();
    pen.strokeStyle = colours.faint; pen.beginPath(); pen.moveTo(left, bottom); pen.lineTo(left + width, bottom); pen.stroke();
    let free = left;
    for (const [minute, word] of setup.days) {
      if (at(minute) < free || at(minute) > left + width - 2.4 * size) continue;
      free = at(minute) + write(pen, colours, word, at(minute), tall - 0.1 * size, { size: 0.7 }) + 1.6 * size;
    }
    edge += width + gap;
  });
}

function drawTimeline(canvas, setup, frame, pasts, colours, hoverAt) {
  const { pen, wide, tall } = easel(canvas);
  const size = colours.size, top = 1.15 * size, bars = 0.72 * size;
  const bottom = tall - setup.sides.length * (bars + 2) - 1;
  const left = MARGIN * size;
  const at = (minute) => left + (wide - left) * (minute - setup.begins) / (setup.ends - setup.begins);
  write(pen, colours, "posts per hour", left - 0.5 * size, bottom - 0.35 * size, { align: "right", size: 0.8 });
  pen.fillStyle = colours.panel; pen.fillRect(left, top, wide - left, bottom - top);
  pen.fillStyle = colours.night;
  for (const [dusk, dawn] of setup.nights) pen.fillRect(at(dusk), top, at(dawn) - at(dusk), bottom - top);
  let room = 0;
  for (const [minute, word] of setup.days)
    if (at(minute) >= room) room = at(minute) + write(pen, colours, word, at(minute) + 0.3 * size, 0.85 * size, { size: 0.84 }) + size;
  if (pasts.length) {
    const past = pasts[0], most = roof(past.posts.reduce((a, b) => Math.max(a, b), 1));
    pen.fillStyle = colours.lost; pen.globalAlpha = 0.55; pen.beginPath(); pen.moveTo(at(setup.begins), bottom);
    past.posts.forEach((value, k) => pen.lineTo(at(past.time[k]), bottom - (bottom - top) * value / most));
    if (past.posts.length) pen.lineTo(at(past.time[past.time.length - 1]), bottom);
    pen.fill(); pen.globalAlpha = 1;
  }
  pen.fillStyle = colours.alarm;
  for (const [minute] of setup.news) { pen.beginPath(); pen.moveTo(at(minute) - 4, top); pen.lineTo(at(minute) + 4, top); pen.lineTo(at(minute), top + 7); pen.fill(); }
  setup.sides.forEach((side, s) => {
    const y = bottom + 2 + s * (bars + 2);
    pen.fillStyle = colours.faint; pen.fillRect(left, y + bars / 2 - 0.5, wide - left, 1);
    write(pen, colours, side.desk + " on duty", left - 0.5 * size, y + bars / 2, { align: "right", size: 0.7, base: "middle", colour: s ? colours.two : colours.one });
    pen.fillStyle = s ? colours.two : colours.one;
    for (const [start, end] of side.shifts) pen.fillRect(at(start), y, Math.max(1, at(end) - at(start) - 1), bars);
  });
  pen.strokeStyle = colours.ink; pen.lineWidth = 2;
  pen.beginPath(); pen.moveTo(at(frame.time), top - 3); pen.lineTo(at(frame.time), tall); pen.stroke();
  if (hoverAt !== null) {
    pen.strokeStyle = colours.accent; pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(hoverAt, top); pen.lineTo(hoverAt, tall); pen.stroke();
  }
  write(pen, colours, "start", at(0) + 3, bottom - 0.25 * size, { size: 0.78, colour: colours.ink });
  pen.strokeStyle = colours.ink; pen.setLineDash([3, 3]); pen.lineWidth = 1;
  pen.beginPath(); pen.moveTo(at(0), top); pen.lineTo(at(0), bottom); pen.stroke(); pen.setLineDash([]);
}
