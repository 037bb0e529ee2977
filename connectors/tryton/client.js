// Runs in sao's page before sao does. It makes "idle" observable, so that the driver waits exactly as long as the
// client works, and it performs one user action per call. It patches two things, both without meaning for the data:
// the pause before a completion is looked up (300 ms, the only 300 ms timer of sao that an action needs) is left out,
// and Bootstrap's and jQuery's animations are off.
(() => {
  "use strict";
  const SOON = 50; // ms: what is due sooner belongs to the action; longer timers only tidy up (sums, hints)
  const COMPLETION = 300; // ms: sao's pause before it asks for completions
  const DIALOGS = [
    "user-warning-dialog", "warning-dialog", "error-dialog", "message-dialog", "confirmation-dialog", "login-dialog",
    "ask-dialog",
  ];
  const later = window.setTimeout.bind(window);
  const never = window.clearTimeout.bind(window);
  const due = new Set(); // timers of sao that are about to run
  const calls = []; // finished calls since the last report: [method, milliseconds, status]
  const began = new WeakMap();
  let reading = 0; // files being read
  let polls = 0; // sao's long poll for notifications: always open, never waited for
  let lost = null; // status of a call that the server did not answer properly
  let warned = null; // name of the last warning of the ERP, e.g. "invoice_similar.7b..."
  let offers = []; // the last answer to a completion: [{id, name}]

  window.setTimeout = (handler, delay, ...args) => {
    const wait = delay === COMPLETION ? 0 : delay || 0;
    const run = () => {
      due.delete(timer);
      if (typeof handler === "function") handler(...args);
      else (0, eval)(handler);
    };
    const timer = later(run, wait);
    if (wait <= SOON) due.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    due.delete(timer);
    never(timer);
  };
  const readFile = FileReader.prototype.readAsArrayBuffer;
  FileReader.prototype.readAsArrayBuffer = function (blob) {
    reading += 1;
    this.addEventListener("loadend", () => later(() => (reading -= 1), 0));
    return readFile.call(this, blob);
  };

  const isPoll = (settings) => /\/bus$/.test(settings.url);
  const onSend = (_event, xhr, settings) => {
    if (isPoll(settings)) polls += 1;
    began.set(xhr, performance.now());
  };
  const onComplete = (_event, xhr, settings) => {
    if (isPoll(settings)) {
      polls -= 1;
      return;
    }
    const method = settings.url.split("#")[1] || settings.url;
    calls.push([method, performance.now() - began.get(xhr), xhr.status]);
    if (xhr.status === 0 || xhr.status >= 500 || xhr.status === 429) lost = xhr.status;
    const answer = xhr.responseJSON;
    if (answer && answer.error && answer.error[0] === "UserWarning") warned = answer.error[1][0];
    if (method.endsWith(".autocomplete")) offers = (answer && answer.result) || [];
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.jQuery) return;
    jQuery(document).on("ajaxSend", onSend).on("ajaxComplete", onComplete);
    jQuery.fx.off = true;
    Object.defineProperty(jQuery.support, "transition", { get: () => false, set: () => {} }); // Bootstrap sets it later
  });

  const shown = (element) => element.isConnected && element.getClientRects().length > 0;
  const working = () => window.jQuery && jQuery.active > polls;
  const busy = () => due.size > 0 || reading > 0 || working();
  const text = (node) => (node ? node.innerText.trim() : "");
  const topModal = () => [...document.querySelectorAll("body > .modal.in")].filter(shown).pop() || null;

  const dialog = () => {
    const modal = topModal();
    const kind = modal && DIALOGS.find((name) => modal.classList.contains(name));
    if (!kind) return null;
    const title = text(modal.querySelector("h4"));
    const body = text(modal.querySelector(".alert span, .modal-body label, .modal-body"));
    return { kind, title, body, secret: !!modal.querySelector("input[type=password]"), warning: warned };
  };

  // Resolves when sao has nothing more to do for the action before, at the latest after `limit` ms.
  const settle = (limit) => new Promise((done) => {
    const start = performance.now();
    const channel = new MessageChannel();
    let last = start;
    let held = 0;
    let calm = 0;
    const look = () => {
      const now = performance.now();
      if (!working()) held += now - last; // no call is on its way: the time goes to rendering and timers
      last = now;
      calm = busy() ? 0 : calm + 1;
      const stuck = now - start > limit;
      if (calm < 2 && !stuck) {
        if (calm) channel.port2.postMessage(0);
        else later(look, 1);
        return;
      }
      const alerts = [...document.querySelectorAll(".infobar .alert-danger")].filter(shown).map(text);
      const report = { dialog: dialog(), alerts, lost, stuck, held, calls: calls.splice(0) };
      lost = null;
      done(report);
    };
    channel.port1.onmessage = look;
    look();
  });

  const fire = (element, ...names) => names.forEach((name) => element.dispatchEvent(new Event(name, { bubbles: true })));

  // What a person could not do is refused: hidden, disabled, read only, or covered by a dialog.
  const obstacle = (element, write) => {
    const modal = topModal();
    if (!shown(element)) return "hidden";
    if (element.disabled || element.classList.contains("disabled")) return "disabled";
    if (write && element.readOnly) return "readonly";
    if (modal && !modal.contains(element)) return "covered";
    return null;
  };

  const twinOf = (element) => element.parentElement.querySelector("input[type=number]");

  const actions = {
    click: (element) => element.click(),
    // Puts a value into a text field, a number or a date and leaves the field.
    // (A number stands in two inputs: a formatted text, which is shown, and the number itself.)
    enter: (element, value) => {
      const target = twinOf(element) || element;
      target.value = value;
      fire(target, "input", "change");
    },
    // The calendar's own field takes ISO dates, whatever the user's date format.
    date: (element, value) => {
      const calendar = element.closest(".form-date").querySelector("input[type=date]");
      calendar.value = value;
      fire(calendar, "change");
    },
    open: (element) => element.dispatchEvent(new MouseEvent("dblclick", { bubbles: true })),
    choose: (element, value) => {
      element.value = value;
      fire(element, "input", "change");
    },
  };

  const writes = new Set(["enter", "date", "choose"]);

  const act = async (element, name, value, limit) => {
    const problem = obstacle(element, writes.has(name));
    if (problem) return { problem };
    warned = null;
    actions[name](element, value);
    return settle(limit);
  };

  const fitsOf = (wanted) => {
    const pattern = wanted.pattern && new RegExp(wanted.pattern, "u");
    return (offer) => {
      if (offer.id === null) return false; // sao's own offer to create a record
      if (pattern) return pattern.test(offer.name);
      return wanted.id === undefined ? offer.name === wanted.name : offer.id === wanted.id;
    };
  };

  // Types into a field with completion and takes the one offer with that id, exactly that name, or a name of that
  // pattern. `taken` is null where no offer or more than one fits.
  const complete = async (element, typed, wanted, limit) => {
    const problem = obstacle(element, true);
    if (problem) return { problem };
    warned = null;
    offers = [];
    element.focus();
    element.value = typed;
    fire(element, "input");
    const looked = await settle(limit);
    if (looked.dialog || looked.stuck || looked.lost !== null) return looked;
    const listed = [...element.closest(".dropdown").querySelectorAll("li.completion")];
    const known = offers.length === listed.length ? offers : offers.filter((offer) => offer.id !== null);
    const fits = fitsOf(wanted);
    const fitting = known.flatMap((offer, index) => (fits(offer) ? [index] : []));
    const names = known.filter((offer) => offer.id !== null).map((offer) => ({ id: offer.id, name: offer.name }));
    if (fitting.length !== 1 || known.length !== listed.length) {
      element.value = "";
      fire(element, "input");
      const left = await settle(limit);
      return { ...left, calls: looked.calls.concat(left.calls), held: looked.held + left.held, offers: names, taken: null };
    }
    listed[fitting[0]].click();
    const done = await settle(limit);
    const taken = known[fitting[0]];
    return {
      ...done, calls: looked.calls.concat(done.calls), held: looked.held + done.held, offers: names,
      taken: { id: taken.id, name: taken.name, shown: element.value },
    };
  };

  // Values as sao holds them, not as it formats them: numbers with a decimal point, selections by their key.
  const valueOf = (element) => {
    if (element.tagName === "SELECT") return element.value;
    return (twinOf(element) || element).value;
  };

  // {name: css} -> {name: value} of the fields below `root`; a field that is not there is null.
  const read = (root, fields) => {
    const values = Object.entries(fields).map(([name, css]) => [name, root.querySelector(css)]);
    return Object.fromEntries(values.map(([name, element]) => [name, element && valueOf(element)]));
  };

  window.deskhand = { act, complete, read, settle };
})();
