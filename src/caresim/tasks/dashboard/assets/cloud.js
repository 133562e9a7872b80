// The passengers: across how long they waited for a first answer (logarithmic), up how angry they are.

const MARKS = [[3, "resolved"], [4, "lost"], [2, "answered"], [1, "waiting"]];
const WAITS = [[0, "0"], [1, "1 min"], [10, "10 min"], [60, "1 h"], [360, "6 h"], [1440, "1 day"], [5760, "4 days"]];
const FULL = 65535;

function frameOf(wide, tall, colours) {
  const size = colours.size;
  return { left: 1.5 * size, right: wide - 0.4 * size, top: 0.5 * size, bottom: tall - 2.3 * size };
}

// A steady scatter, so that passengers who waited equally long do not hide one another.
function scatter(place) {
  return ((place * 2654435761) % 4294967296) / 4294967296 - 0.5;
}

function drawCloud(canvas, crowd, longest, colours, chosen) {
  const { pen, wide, tall } = easel(canvas);
  const box = frameOf(wide, tall, colours);
  const across = box.right - box.left, up = box.bottom - box.top;
  pen.fillStyle = colours.paper;
  pen.fillRect(box.left - 0.3 * colours.size, box.top - 2, across + 0.6 * colours.size, up + 4);
  pen.lineWidth = 1;
  for (const [minutes, word] of WAITS) {
    const x = box.left + across * Math.log1p(minutes) / Math.log1p(longest);
    pen.strokeStyle = colours.faint;
    pen.beginPath(); pen.moveTo(x, box.top); pen.lineTo(x, box.bottom); pen.stroke();
    write(pen, colours, word, x, box.bottom + 1.05 * colours.size, { align: "center", size: 0.8 });
  }
  write(pen, colours, "waited for a first answer", (box.left + box.right) / 2, tall - 0.15 * colours.size, { align: "center", size: 0.84 });
  pen.save();
  pen.translate(0.85 * colours.size, box.bottom);
  pen.rotate(-Math.PI / 2);
  write(pen, colours, "calm", 0, 0, { size: 0.84 });
  write(pen, colours, "furious", up, 0, { size: 0.84, align: "right" });
  pen.restore();
  const dot = Math.max(1.6, colours.size * (crowd.marks.length > 6000 ? 0.15 : 0.2));
  for (const [mark, name] of MARKS) {
    pen.fillStyle = colours[name];
    pen.globalAlpha = mark === 1 ? 0.9 : 0.5;
    for (let k = 0; k < crowd.marks.length; k++) {
      if (crowd.marks[k] !== mark) continue;
      const [x, y] = spot(crowd, k, box, across, up);
      pen.fillRect(x - dot / 2, y - dot / 2, dot, dot);
    }
  }
  pen.globalAlpha = 1;
  if (chosen !== null && chosen < crowd.marks.length) {
    const [x, y] = spot(crowd, chosen, box, across, up);
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 2;
    pen.beginPath(); pen.arc(x, y, 0.55 * colours.size, 0, 7); pen.stroke();
  }
}

function spot(crowd, k, box, across, up) {
  const sway = scatter(k);
  const x = box.left + across * crowd.waits[k] / FULL + sway * 0.012 * across;
  const y = box.bottom - up * crowd.angers[k] / FULL + scatter(k + 7919) * 0.02 * up;
  return [Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top), box.bottom)];
}

// The passenger whose dot is nearest, within reach; null: none.
function nearest(canvas, crowd, event, colours) {
  const edge = canvas.getBoundingClientRect();
  const box = frameOf(canvas.clientWidth, canvas.clientHeight, colours);
  const x0 = event.clientX - edge.left, y0 = event.clientY - edge.top;
  let best = null, least = Math.pow(1.5 * colours.size, 2);
  for (let k = 0; k < crowd.marks.length; k++) {
    if (!crowd.marks[k]) continue;
    const [x, y] = spot(crowd, k, box, box.right - box.left, box.bottom - box.top);
    const away = (x - x0) * (x - x0) + (y - y0) * (y - y0);
    if (away < least) { least = away; best = k; }
  }
  return best;
}
