/* Passkeys: the browser is asked, what it answers is sent back. Hidden where the browser knows none. */
(() => {
  "use strict";
  const box = document.querySelector("[data-passkey]");
  // A passkey belongs to a host name: on a bare number there is none to make.
  if (!box || !window.PublicKeyCredential || /^[\d.]+$|:/.test(location.hostname)) return;
  const csrf = () =>
    (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] ||
    document.querySelector('meta[name="csrf-token"]')?.content || document.querySelector('input[name="csrfmiddlewaretoken"]')?.value || "";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const post = (url, body) =>
    fetch(url, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrf(), "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const problem = box.querySelector("[data-passkey-problem]");
  const say = (words) => { problem.textContent = words; problem.hidden = !words; };

  const readable = ({ publicKey }) => {
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    for (const list of [publicKey.excludeCredentials, publicKey.allowCredentials]) for (const one of list || []) one.id = bytes(one.id);
    return { publicKey };
  };

  const answered = (made) => {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (made.response[part]) response[part] = text(made.response[part]);
    return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
  };

  const ask = async () => {
    say("");
    const { dataset } = box;
    try {
      const options = readable(await (await post(dataset.passkeyAsk, {})).json());
      const made = dataset.passkey === "make" ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
      const name = document.getElementById("passkey-name")?.value || "";
      const reply = await (await post(dataset.passkeySend, { passkey: answered(made), name, next: dataset.next || "" })).json();
      if (reply.go) location.assign(reply.go);
      else say(reply.problem);
    } catch (error) {
      say(document.documentElement.lang.startsWith("es") ? "No se usó ninguna llave de acceso." : "No passkey was used.");
    }
  };

  box.hidden = false;
  document.querySelector("[data-passkey-missing]")?.setAttribute("hidden", "");
  box.querySelector("button").addEventListener("click", ask);
})();
