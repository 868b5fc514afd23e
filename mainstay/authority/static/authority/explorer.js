/* The explorer's table: one stop for the Tab key, arrows inside, the open cell marked, Escape closes the answer. */
(() => {
  const table = document.getElementById("explorer-table");
  if (!table) return;
  const answer = document.getElementById("answer");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("a.cell")]);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  let here = [0, 0];

  const stand = (row, column) => {
    rows[here[0]][here[1]].tabIndex = -1;
    here = [row, column];
    rows[row][column].tabIndex = 0;
  };
  const whereIs = (link) => {
    const row = link.closest("tr").sectionRowIndex;
    return [row, rows[row].indexOf(link)];
  };
  const mark = (link) => {
    table.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    if (link) link.setAttribute("aria-current", "true");
  };

  const region = table.parentElement;
  const show = (link) => {
    const covered = matchMedia("(max-width: 1279px)").matches;
    const top = link.closest("tr").offsetTop - table.tHead.offsetHeight;
    if (covered) region.scrollIntoView({ block: "start" });
    if (covered || top < region.scrollTop || top > region.scrollTop + region.clientHeight - 240) region.scrollTop = top - 30;
  };

  rows.flat().forEach((link) => { link.tabIndex = -1; });
  stand(0, 0);
  const asked = new URLSearchParams(location.search);
  const open = rows.flat().find((link) => {
    const to = new URLSearchParams(link.search);
    return to.get("state") === asked.get("state") && to.get("act") === asked.get("act");
  });
  if (open) { mark(open); stand(...whereIs(open)); show(open); }

  table.addEventListener("keydown", (event) => {
    const link = event.target.closest("a.cell");
    const step = steps[event.key];
    if (!link || !step) return;
    event.preventDefault();
    const [row, column] = whereIs(link);
    const next = [row + step[0], column + step[1]];
    if (rows[next[0]]?.[next[1]]) { stand(...next); rows[next[0]][next[1]].focus(); }
  });
  table.addEventListener("click", (event) => {
    const link = event.target.closest("a.cell");
    if (link) { mark(link); stand(...whereIs(link)); show(link); }
  });
  answer.addEventListener("htmx:afterSwap", () => {
    const opened = table.querySelector("[aria-current]");
    if (opened) show(opened);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && answer.querySelector("header")) close();
  });
  answer.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close-answer]")) return;
    event.preventDefault();
    close();
  });
  const close = () => {
    answer.replaceChildren();
    const opened = table.querySelector("[aria-current]");
    const address = new URL(location.href);
    address.searchParams.delete("state");
    address.searchParams.delete("act");
    history.replaceState(null, "", address);
    mark(null);
    if (opened) opened.focus();
  };
})();
