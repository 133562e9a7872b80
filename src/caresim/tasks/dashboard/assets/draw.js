// Canvases in CSS pixels, sharp on every screen, in the colours of the page.

function easel(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const wide = canvas.clientWidth, tall = canvas.clientHeight;
  if (canvas.width !== Math.round(wide * ratio) || canvas.height !== Math.round(tall * ratio)) {
    canvas.width = Math.round(wide * ratio);
    canvas.height = Math.round(tall * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, wide, tall);
  return { pen, wide, tall };
}

function palette(element) {
  const style = getComputedStyle(element);
  const found = { size: parseFloat(style.fontSize), family: style.fontFamily };
  for (const name of ["paper", "panel", "ink", "quiet", "faint", "night", "waiting", "answered", "resolved", "lost", "one", "two", "accent", "alarm"])
    found[name] = style.getPropertyValue("--" + name).trim();
  return found;
}

function write(pen, colours, text, x, y, { size = 0.86, align = "left", colour = colours.quiet, weight = "normal", base = "alphabetic" } = {}) {
  pen.font = weight + " " + size * colours.size + "px " + colours.family;
  pen.textAlign = align;
  pen.textBaseline = base;
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
  return pen.measureText(text).width;
}

// 1, 2 or 5 times a power of ten, not below the value.
function roof(value) {
  if (!(value > 0)) return 1;
  const power = Math.pow(10, Math.floor(Math.log10(value)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((bound) => bound >= value * 0.999);
}

function grouped(value) {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
