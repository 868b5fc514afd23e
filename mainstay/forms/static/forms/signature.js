/* A signature drawn with a finger, a pen or the mouse, kept as SVG moves and lines on a field of 600 × 150.
   The typed name is enough without it. */
(() => {
  "use strict";
  for (const field of document.querySelectorAll("[data-signature]")) {
    const pad = field.querySelector("canvas");
    const kept = field.querySelector('input[name="drawing"]');
    const pen = pad.getContext("2d");
    let path = kept.value, last = null;
    field.hidden = false;
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#000";

    const at = (event) => {
      const box = pad.getBoundingClientRect();
      const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
      return [within((event.clientX - box.left) * 600 / box.width, 600), within((event.clientY - box.top) * 150 / box.height, 150)];
    };
    const line = (from, to) => { pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to); pen.stroke(); };
    const draw = () => {
      pen.clearRect(0, 0, 600, 150);
      let from = null;
      for (const [, move, x, y] of path.matchAll(/([ML])(\d+) (\d+)/g)) {
        const to = [Number(x), Number(y)];
        if (move === "L" && from) line(from, to);
        from = to;
      }
    };

    pad.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      pad.setPointerCapture(event.pointerId);
      last = at(event);
      path += `M${last[0]} ${last[1]}`;
    });
    pad.addEventListener("pointermove", (event) => {
      if (!last || path.length > 19000) return;
      const here = at(event);
      if (here[0] === last[0] && here[1] === last[1]) return;
      line(last, here);
      path += `L${here[0]} ${here[1]}`;
      last = here;
    });
    for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; kept.value = path; });
    field.querySelector("[data-signature-clear]").addEventListener("click", () => { path = kept.value = ""; draw(); });
    draw();
  }
})();
