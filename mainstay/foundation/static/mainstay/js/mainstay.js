/* What pages do beyond HTML. Everything here is a comfort: each page works without it.
   No inline handlers, no eval, nothing about patients in browser storage. */
(() => {
  "use strict";

  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const spoken = document.documentElement.lang.startsWith("es")
    ? { saved: "Guardado", before: "Esto es lo que escribió y no guardó", discard: "Descartar", unsaved: "No guardado todavía; se vuelve a intentar", long: "Demasiado largo para guardarlo mientras escribe: guárdelo o acórtelo", error: "Error:", failed: "No se guardó nada. Inténtelo de nuevo.", close: "Cerrar", idle: "Esta pantalla se bloquea en un minuto. Toque la pantalla o una tecla para seguir.", min: "min", days: "días" }
    : { saved: "Saved as you type", before: "This is what you typed and did not save", discard: "Throw it away", unsaved: "Not saved yet, trying again", long: "Too long to be kept as you type: save it, or shorten it", error: "Error:", failed: "That did not work and nothing was saved. Try again.", close: "Close", idle: "This screen locks in a minute. Touch it or press a key to stay.", min: "min", days: "days" };

  const csrf = () =>
    (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] ||
    one('meta[name="csrf-token"]')?.content || one('input[name="csrfmiddlewaretoken"]')?.value || "";

  const isTyping = (element) =>
    !!element?.closest?.('input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select, [contenteditable]');

  /* --- htmx ------------------------------------------------------------------------------------------- */

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrf();
  });

  // A poll never takes away what somebody is in the middle of.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const source = event.detail.requestConfig?.elt;
    const busy = document.activeElement;
    const { xhr } = event.detail;
    if ([403, 404, 409, 503].includes(xhr.status) && !xhr.getResponseHeader("HX-Retarget") && !source?.hasAttribute("data-refusal-here")) {
      refuse(xhr.responseText);
      event.detail.shouldSwap = false;
      if (xhr.status === 409) htmx.trigger(document.body, "stale");
    } else if (source?.hasAttribute("data-polite") && event.detail.target.contains(busy) && (isTyping(busy) || busy.closest("details[open]"))) {
      event.detail.shouldSwap = false;
    }
  });

  let focusWas = null;
  document.addEventListener("htmx:beforeRequest", () => { focusWas = document.activeElement; });

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target || event.target;
    const wrong = one(".error-summary", target) || (target.matches?.(".error-summary") ? target : null);
    markTitle();
    wake(target);
    if (event.detail.requestConfig?.elt?.hasAttribute("data-polite")) return;
    const next = wrong || one("[data-focus]", target);
    if (next) next.focus();
    else if (document.activeElement === document.body && focusWas && !focusWas.isConnected) {
      const again = focusWas.id && document.getElementById(focusWas.id);
      if (again) again.focus();
      else { if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1"); target.focus({ preventScroll: true }); }
    }
  });

  const online = () => { const notice = one("#offline"); if (notice) notice.hidden = true; };
  const offline = () => { const notice = one("#offline"); if (notice) notice.hidden = false; };
  window.addEventListener("online", online);
  window.addEventListener("offline", offline);
  document.addEventListener("htmx:sendError", offline);
  document.addEventListener("htmx:timeout", offline);
  document.addEventListener("htmx:afterOnLoad", online);
  document.addEventListener("htmx:responseError", (event) => {
    const reference = event.detail.xhr?.getResponseHeader("X-Reference");
    toast(spoken.failed + (reference ? " " + reference : ""), "stop");
  });

  function markTitle() {
    const wrong = !!one("main .error-summary");
    const bare = document.title.replace(spoken.error + " ", "");
    document.title = wrong ? spoken.error + " " + bare : bare;
  }

  // A refusal never replaces what it is about: it stands beside, and says so aloud.
  function refuse(html) {
    const words = new DOMParser().parseFromString(html, "text/html").querySelector(".error-summary");
    const box = one("#toasts");
    if (!words || !box) { toast(spoken.failed, "stop"); return; }
    words.removeAttribute("data-focus");
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "button button-quiet", textContent: spoken.close });
    close.addEventListener("click", () => words.remove());
    words.append(close);
    all(".error-summary", box).forEach((old) => old.remove());
    box.append(words);
  }

  function toast(text, kind, stays = 12000) {
    const box = one("#toasts");
    if (!box) return null;
    const line = document.createElement("div");
    line.className = "toast toast-" + kind;
    line.textContent = text;
    box.append(line);
    setTimeout(() => line.remove(), stays);
    return line;
  }

  /* --- Sending once ------------------------------------------------------------------------------------ */

  const release = (form) => { form.removeAttribute("aria-busy"); delete form.dataset.sent; };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    flushAll();
    nameDraft(form);
    if (form.method === "get" && !form.hasAttribute("hx-get")) return;
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), 15000);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  /* --- Drafts: what is typed is on the server within two seconds ---------------------------------------- */

  const EVERY = 2000;
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "idempotency_key", "draft_key", "draft_spare", "draft_whose", "draft_url"]);
  const drafts = new WeakMap();
  const draftOf = (form) => {
    if (!drafts.has(form)) drafts.set(form, { timer: 0, sent: serialize(form) });
    return drafts.get(form);
  };

  function serialize(form) {
    const kept = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const field = form.elements[name];
      if (typeof value !== "string" || NOT_TYPED.has(name) || field?.type === "password") continue;
      kept.append(name, value);
    }
    return kept.toString();
  }

  function later(event) {
    const form = event.target.form || event.target.closest?.("form");
    if (!form?.dataset.draft) return;
    const draft = draftOf(form);
    draft.timer ||= setTimeout(() => flush(form), EVERY);
  }

  function flush(form, extra = {}) {
    const url = form.dataset?.draftUrl || document.body.dataset.draftUrl;
    if (!form.dataset?.draft || !url) return Promise.resolve();
    const draft = draftOf(form);
    clearTimeout(draft.timer);
    draft.timer = 0;
    const now = serialize(form);
    if (now === draft.sent && !extra.draft_park) return Promise.resolve();
    const body = new URLSearchParams(now);
    const label = form.dataset.draftLabel || document.title.replace(spoken.error + " ", "").replace(" · Mainstay", "");
    for (const [name, value] of Object.entries({ draft_key: form.dataset.draft, draft_label: label, draft_url: location.pathname + location.search, draft_form: form.elements.idempotency_key?.value || "", draft_whose: whose(), ...extra })) body.set(name, value);
    const headers = { "X-CSRFToken": csrf(), "HX-Request": "true", "HX-Current-URL": location.href };
    return fetch(url, { method: "POST", body, keepalive: now.length < 60000, credentials: "same-origin", headers })
      .then((answer) => {
        const away = answer.headers.get("HX-Redirect");
        if (away) { location.assign(away); return; }
        if (answer.status === 413 || (answer.status === 422 && now.length > 59000)) { say(form, "lost", spoken.long); return; } // never will be kept
        if (!answer.ok) throw new Error(String(answer.status));
        draft.sent = now;
        online();
        say(form, "saved", spoken.saved);
      })
      .catch(() => {
        say(form, "lost", spoken.unsaved);
        draft.timer ||= setTimeout(() => flush(form), EVERY * 2);
      });
  }

  // What is saved says which draft it was, so that the save lets go of it. If the session is over by then, whatever
  // was typed is kept for whom it belongs to: a form that is no draft has its address for a name.
  const whose = () => document.body.dataset.draftWhose || "";
  const spareName = (form) => "form:" + new URL(form.getAttribute("action") || location.href, location.href).pathname;
  function nameDraft(form) {
    if (form.dataset.draftUrl || form.elements.draft_whose || (form.method !== "post" && !form.hasAttribute("hx-post")) || one("input[type=password], input[type=file]", form)) return;
    const names = { draft_whose: whose(), draft_url: location.pathname + location.search };
    if (form.dataset.draft) names.draft_key = form.dataset.draft;
    else if (whose() && one("input:not([type=hidden]), select, textarea", form)) names.draft_spare = spareName(form);
    else return;
    for (const [name, value] of Object.entries(names)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }

  // What was typed here before and not saved stands in its fields again, and says so.
  function bringBack() {
    const kept = one("#typed-before");
    for (const { key, typed, at } of kept ? JSON.parse(kept.textContent) : []) {
      const form = all("form[data-draft]").find((one) => one.dataset.draft === key)
        || all("form[method=post]").find((one) => !one.dataset.draft && spareName(one) === key);
      if (!form) continue;
      form.dataset.draft = key;
      const left = Object.fromEntries(Object.entries(typed).map(([name, values]) => [name, [...values]]));
      for (const field of form.elements) if (field.name && !field.disabled) fillAgain(field, left[field.name] || []);
      draftOf(form);
      const notice = document.createElement("div");
      notice.className = "finding finding-told draft-before";
      const discard = Object.assign(document.createElement("button"), { type: "button", className: "button button-plain", textContent: spoken.discard });
      discard.addEventListener("click", () => discardDraft(form));
      const day = spellTime(at, { weekday: "long" });
      notice.append(Object.assign(document.createElement("span"), { textContent: `${spoken.before} · ${day}` }), discard);
      form.prepend(notice);
      for (const asks of all('[hx-trigger="change"]', form)) if (all("input", asks).some((input) => input.value)) setTimeout(() => asks.dispatchEvent(new Event("change")));
    }
  }

  function spellTime(moment, more = {}) {
    return new Date(moment).toLocaleString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: document.body.dataset.zone, ...more }).replace(/[AP]M$/, (half) => half.toLowerCase());
  }

  function fillAgain(field, values) {
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.type === "radio") { if (values.length) field.checked = values.includes(field.value); }
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (field.type === "select-one") { if ([...field.options].some((option) => option.value === values[0])) field.value = values.shift(); }
    else if (!["hidden", "submit", "button", "reset", "password", "file", "fieldset", "output"].includes(field.type) && values.length) field.value = values.shift();
  }

  function discardDraft(form) {
    const body = new URLSearchParams({ draft_key: form.dataset.draft, draft_drop: "1" });
    fetch(document.body.dataset.draftUrl, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); draftOf(form).sent = serialize(form); location.reload(); })
      .catch(() => toast(spoken.failed, "stop"));
  }

  function say(form, state, words) {
    let place = one("[data-draft-state]", form);
    if (!place) {
      place = document.createElement("output");
      place.dataset.draftState = "";
      place.className = "draft-state";
      (one(".form-foot", form) || form).append(place);
    }
    place.dataset.state = state;
    const clock = spellTime(Date.now());
    const text = state === "saved" ? words + " · " + clock : words;
    if (place.textContent !== text) place.textContent = text;
  }

  document.addEventListener("focusin", (event) => { const form = event.target.form; if (form?.dataset.draft) draftOf(form); });
  document.addEventListener("input", later);
  document.addEventListener("submit", (event) => { // what is sent is no draft any more: leaving the page must not bring it back
    const draft = !event.defaultPrevented && drafts.get(event.target);
    if (draft) { clearTimeout(draft.timer); draft.timer = 0; draft.sent = serialize(event.target); }
  });
  document.addEventListener("change", later);
  const flushAll = () => all("form[data-draft]").forEach((form) => flush(form));
  const park = () => Promise.all(all("form[data-draft]").map((form) => flush(form, { draft_park: "1" }))).then(() => location.assign("/"));
  document.addEventListener("visibilitychange", () => { if (document.hidden) flushAll(); });
  window.addEventListener("pagehide", flushAll);

  /* --- Keys ------------------------------------------------------------------------------------------- */

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.isComposing) return;
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(at)) {
      const search = one("#search");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.altKey && event.code === "KeyP") {
      if (one("form[data-draft]")) { event.preventDefault(); park(); }
    } else if (event.key === "Escape") {
      closeAll(at);
    } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey) {
      enterNext(event);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at.closest?.(".search")) {
      const stops = [one("#search"), ...all(".suggestions a")];
      const next = stops[stops.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });

  function closeAll(at) {
    for (const open of all("details.person[open], details[data-menu][open]")) {
      open.open = false;
      if (open.contains(at)) one("summary", open).focus();
    }
    const found = one("#search-suggestions");
    if (found?.firstChild && at.closest?.(".search")) { found.replaceChildren(); one("#search").focus(); }
  }

  // Enter saves the field (its change event) and moves on; at the end it sends the form.
  function enterNext(event) {
    const at = event.target;
    const group = at.closest?.("[data-enter-next]");
    if (!group || !at.matches("input:not([type=submit], [type=button]), select")) return;
    event.preventDefault();
    const stops = all("input:not([type=hidden], [disabled], [readonly]), select:not([disabled]), textarea:not([disabled]), button[data-stop]", group)
      .filter((e) => e.offsetParent && (e.type !== "radio" || e.checked || !all(`input[name="${CSS.escape(e.name)}"]:checked`, group).length));
    const later = stops.slice(stops.indexOf(at) + 1);
    // Enter goes from value to value; how it was taken is a Tab away. A row that is only a choice is a value too.
    const next = later.find((e) => at.matches("select") || !e.matches("select") || !one("input", e.parentElement));
    if (next) { next.focus(); next.select?.(); }
    else at.form?.requestSubmit();
  }

  document.addEventListener("click", (event) => {
    const at = event.target;
    for (const open of all("details.person[open], details[data-menu][open]")) if (!open.contains(at)) open.open = false;
    if (!at.closest?.(".search")) one("#search-suggestions")?.replaceChildren();
    if (at.closest?.("[data-dismiss]")) at.closest(".toast")?.remove();
    if (at.closest?.("[data-print]")) window.print();
    if (at.closest?.("[data-park]")) park();
    if (at.closest?.("[data-theme-switch]")) switchTheme();
    const link = at.closest?.(".error-summary a[href^='#']");
    if (link) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const control = target?.matches("input, select, textarea, button") ? target : target && one("input, select, textarea", target);
      if (control) { event.preventDefault(); control.focus(); control.scrollIntoView({ block: "center" }); }
    }
  });

  /* A scanner types: what comes while no field has the focus goes to the field for scans, over what stands there. */
  document.addEventListener("keydown", (event) => {
    const scan = one("[data-scan]");
    if (!scan || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || " /".includes(event.key)) return;
    if (document.activeElement === document.body || document.activeElement.closest(".error-summary")) scan.select();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  /* --- Light and dark: a preference, not a secret, so a cookie ------------------------------------------- */

  function switchTheme() {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
      (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    const theme = dark ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  }

  /* --- Time ------------------------------------------------------------------------------------------- */

  const minutesText = (n) =>
    n < -1 ? "" : n < 100 ? `${Math.max(0, n)} ${spoken.min}` : n < 2880 ? `${Math.floor(n / 60)} h ${String(n % 60).padStart(2, "0")}` : `${Math.floor(n / 1440)} ${spoken.days}`;

  function tick() {
    const now = Date.now();
    for (const time of all("time[data-since]")) {
      const minutes = Math.floor((now - Date.parse(time.dateTime)) / 60000);
      const { warn, late } = time.dataset;
      write(time, minutesText(minutes), late && minutes >= +late ? "late" : warn && minutes >= +warn ? "warn" : "");
    }
    for (const time of all("time[data-until]")) {
      const left = Math.ceil((Date.parse(time.dateTime) - now) / 1000);
      write(time, left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : time.dataset.done, left > 0 ? "" : "due");
    }
    for (const form of all("[data-undo-until]")) {
      const left = Math.ceil((Date.parse(form.dataset.undoUntil) - now) / 1000);
      if (left <= 0) { form.remove(); continue; }
      const place = one("[data-left]", form);
      if (place) place.textContent = `${left} s`;
    }
    for (const clock of all("[data-clock]")) {
      const text = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: clock.dataset.clock || undefined }).toLowerCase();
      if (clock.textContent !== text) clock.textContent = text;
    }
  }

  function write(time, text, state) {
    const place = one(".timer-text", time) || time;
    if (place.textContent !== text) place.textContent = text;
    if ((time.dataset.state || "") !== state) { if (state) time.dataset.state = state; else delete time.dataset.state; }
  }

  /* --- Nobody there: the screen is given up, in every tab at once, and what was typed is kept ------------- */

  function watchIdleness() {
    const { idleSeconds, lockUrl } = document.body.dataset;
    if (!+idleSeconds || !lockUrl) return;
    const others = new BroadcastChannel("activity");
    let last = Date.now(), told = 0, warned = null;
    const stay = () => { last = Date.now(); warned?.remove(); warned = null; };
    others.addEventListener("message", stay);
    const active = () => {
      stay();
      if (last - told > 5000) { told = last; others.postMessage(0); }
    };
    for (const kind of ["pointerdown", "keydown", "wheel", "pointermove"]) document.addEventListener(kind, active, { passive: true });
    setInterval(() => {
      const left = +idleSeconds - (Date.now() - last) / 1000;
      if (left <= 0) { flushAll(); location.assign(lockUrl); }
      else if (left <= 60 && !warned) { flushAll(); warned = toast(spoken.idle, "confirm", 60000); }
    }, 1000);
  }

  /* --- Start ------------------------------------------------------------------------------------------ */

  function wake(within) {
    all("[data-print], [data-theme-switch]", within).forEach((button) => { button.hidden = false; });
    const parking = one("button[data-park]");
    if (parking) parking.hidden = !(document.body.dataset.draftUrl && one("form[data-draft]"));
    tick();
  }

  // A day opens where it is now, or at its first booking.
  for (const day of all(".schedule")) {
    const now = one(".now", day);
    const tops = (now ? [now] : all(".schedule-track .block a", day)).map((mark) => mark.getBoundingClientRect().top);
    if (tops.length) day.scrollTop = Math.min(...tops) - day.getBoundingClientRect().top - (now ? day.clientHeight / 3 : 64);
  }

  bringBack();
  wake(document);
  setInterval(tick, 1000);
  watchIdleness();
  one(".error-summary")?.focus();
})();
