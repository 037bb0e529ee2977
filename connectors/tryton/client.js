// Runs in sao's page before sao does. It makes "idle" observable, so that the driver waits exactly as long as the
// client works, and it performs user actions one after the other, several per round trip. What it patches changes
// nothing but pauses: the 300 ms before a completion is looked up (sao's only 300 ms timer that an action waits for)
// and the browser's 4 ms between nested timers are left out, and Bootstrap's and jQuery's animations are off. A list's
// rest ("More") is shown as soon as sao is idle: the browser would tell sao with some later frame that it is in view, and
// a window that is minimised has hardly any frames.
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
  const calls = []; // finished calls since the last report: [method, milliseconds, status, blocking]
  const began = new WeakMap();
  let reading = 0; // files being read
  let polls = 0; // sao's long poll for notifications: always open, never waited for
  let lost = null; // status of a call that the server did not answer properly
  let refused = []; // the ERP's last refusal, kind and name: ["UserWarning", "7b3c....invoice_similar"]
  let offers = []; // the last answer to a completion: [{id, name}]

  // Timers without delay run in the order in which they were set; their ids are negative.
  const atOnce = new Map();
  const turn = new MessageChannel();
  let lastTurn = 0;
  turn.port1.onmessage = ({ data }) => {
    const run = atOnce.get(data);
    atOnce.delete(data);
    due.delete(data);
    if (run) run();
  };
  const soon = (run) => {
    lastTurn -= 1;
    atOnce.set(lastTurn, run);
    due.add(lastTurn);
    turn.port2.postMessage(lastTurn);
    return lastTurn;
  };
  window.setTimeout = (handler, delay, ...args) => {
    if (typeof handler !== "function") return later(handler, delay);
    const wait = delay === COMPLETION ? 0 : delay || 0;
    if (wait <= 1) return soon(() => handler(...args));
    const timer = later(() => {
      due.delete(timer);
      handler(...args);
    }, wait);
    if (wait <= SOON) due.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    due.delete(timer);
    if (timer < 0) atOnce.delete(timer);
    else never(timer);
  };

  // What sao wants to be told of when it comes into view: the "More" under a list. In a form's lists that is every row,
  // and a "More" that nobody pressed stays when the list is emptied.
  const watched = new Set(); // [element, what to tell]; weakly, for a page shows many forms
  window.IntersectionObserver = class {
    constructor(tell) {
      this.tell = tell;
    }

    observe(element) {
      watched.add([new WeakRef(element), this.tell]);
    }
  };
  const cameIntoView = () => {
    let any = false;
    for (const one of watched) {
      const [place, tell] = one;
      const element = place.deref();
      if (element && !shown(element)) continue; // on a page of the form that is not open
      watched.delete(one);
      if (element) tell([{ target: element, isIntersecting: true }]);
      any = any || !!element;
    }
    return any;
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
    calls.push([method, performance.now() - began.get(xhr), xhr.status, !settings.async]);
    if (xhr.status === 0 || xhr.status >= 500 || xhr.status === 429) lost = xhr.status;
    const answer = xhr.responseJSON;
    if (answer && Array.isArray(answer.error)) refused = [answer.error[0], [].concat(answer.error[1])[0]];
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
    return { kind, title, body, secret: !!modal.querySelector("input[type=password]"), refused };
  };

  const glance = new MessageChannel(); // one for all: an open channel is never collected
  // Resolves when sao has nothing more to do for the action before, at the latest after `limit` ms.
  const settle = (limit) => new Promise((done) => {
    const start = performance.now();
    let calm = 0;
    const look = () => {
      calm = busy() || cameIntoView() ? 0 : calm + 1;
      const stuck = performance.now() - start > limit;
      if (calm < 2 && !stuck) {
        if (calm) glance.port2.postMessage(0);
        else later(look, 1);
        return;
      }
      const alerts = [...document.querySelectorAll(".infobar .alert-danger")].filter(shown).map(text);
      const report = { dialog: dialog(), alerts, lost, stuck, calls: calls.splice(0) };
      lost = null;
      done(report);
    };
    glance.port1.onmessage = look;
    look();
  });

  const fire = (element, ...names) => names.forEach((name) => element.dispatchEvent(new Event(name, { bubbles: true })));
  const twinOf = (element) => element.parentElement.querySelector("input[type=number]");

  // Values as sao holds them, not as it formats them: numbers with a decimal point, selections by their key.
  const valueOf = (element) => (element.tagName === "SELECT" ? element : twinOf(element) || element).value;

  // The offers of an open completion that have that id, exactly that name, or a name of that pattern.
  const fitting = (known, wanted) => {
    const pattern = wanted.pattern && new RegExp(wanted.pattern, "u");
    const fits = (offer) => {
      if (offer.id === null) return false; // sao's own offer to create a record
      if (pattern) return pattern.test(offer.name);
      return wanted.id === undefined ? offer.name === wanted.name : offer.id === wanted.id;
    };
    return known.flatMap((offer, index) => (fits(offer) ? [index] : []));
  };

  const actions = {
    click: (element) => void element.click(),
    open: (element) => void element.dispatchEvent(new MouseEvent("dblclick", { bubbles: true })),
    // Puts a value into a field and leaves the field. (A number stands in two inputs: a formatted text, which is
    // shown, and the number itself.)
    enter: (element, act) => {
      const target = twinOf(element) || element;
      target.value = act.value;
      fire(target, "input", "change");
    },
    // The calendar's own field takes ISO dates, whatever the user's date format.
    date: (element, act) => {
      const calendar = element.closest(".form-date").querySelector("input[type=date]");
      calendar.value = act.value;
      fire(calendar, "change");
    },
    choose: (element, act) => {
      element.value = act.value;
      fire(element, "input", "change");
    },
    // Types into a field with completion and takes the one offer that is wanted. Nothing is taken, and the field
    // emptied, where none or more than one fits.
    complete: async (element, act, report, limit) => {
      offers = [];
      element.focus();
      element.value = act.value;
      fire(element, "input");
      const looked = await settle(limit);
      report.calls.push(...looked.calls);
      if (looked.dialog || looked.stuck || looked.lost !== null) return looked;
      const listed = [...element.closest(".dropdown").querySelectorAll("li.completion")];
      const known = offers.length === listed.length ? offers : offers.filter((offer) => offer.id !== null);
      const found = known.length === listed.length ? fitting(known, act.wanted) : [];
      const named = known.filter((offer) => offer.id !== null).map(({ id, name }) => ({ id, name }));
      const one = found.length === 1;
      report.completions.push({ offers: named, taken: one ? { id: known[found[0]].id, name: known[found[0]].name } : null });
      if (one) {
        listed[found[0]].click();
        return null;
      }
      element.value = "";
      fire(element, "input");
      report.untaken = true;
      return null;
    },
  };
  const writes = new Set(["enter", "date", "choose", "complete"]);

  // What a person could not do is refused: hidden, disabled, read only, or covered by a dialog.
  const obstacle = (element, act) => {
    const modal = topModal();
    if (!shown(element)) return "hidden";
    if (element.disabled || element.classList.contains("disabled")) return "disabled";
    if (writes.has(act.what) && element.readOnly) return "readonly";
    if (modal && !modal.contains(element)) return "covered";
    return null;
  };

  // Elements below the last shown root: stages of CSS, "lines @1 >> tr @0", each taking what is shown there, or the
  // one of that number. Hidden ones only where nothing is shown.
  const resolve = (within, at) => {
    let found = [...document.querySelectorAll(within)].filter(shown).slice(-1);
    for (const stage of at.split(" >> ")) {
      const [css, number] = stage.split(" @");
      const all = found.flatMap((root) => [...root.querySelectorAll(css)]);
      const seen = all.filter(shown);
      found = number === undefined ? (seen.length ? seen : all) : seen.slice(Number(number), Number(number) + 1);
    }
    return found;
  };

  // Performs the acts in turn, each when sao is idle after the one before. Ends early at the first that cannot be
  // done, that opens a dialog which it does not expect, or that the server or the form refuses.
  const perform = async (acts, limit) => {
    const report = { completions: [], calls: [], problem: null };
    for (const act of acts) {
      const element = resolve(act.within, act.at)[0];
      if (act.optional && !(element && shown(element))) continue;
      const problem = element ? obstacle(element, act) : "missing";
      if (problem) return { ...report, problem: `${act.at} is ${problem}` };
      refused = [];
      const ended = (await actions[act.what](element, act, report, limit)) || (await settle(limit));
      report.calls.push(...ended.calls);
      const surprise = !!ended.dialog && ended.dialog.kind !== act.expect;
      Object.assign(report, { ...ended, calls: report.calls, surprise });
      if (surprise || ended.stuck || ended.lost !== null || ended.alerts.length || report.untaken) break;
    }
    return report;
  };

  // {name: css} -> {name: value} of fields that are shown or not; a field that is not there is null.
  const read = (within, fields) => {
    const root = [...document.querySelectorAll(within)].filter(shown).pop();
    const values = Object.entries(fields).map(([name, css]) => [name, root ? root.querySelector(css) : null]);
    return Object.fromEntries(values.map(([name, element]) => [name, element && valueOf(element)]));
  };

  // The texts of all elements that are shown.
  const texts = (within, at) => resolve(within, at).filter(shown).map(text);

  window.deskhand = { perform, read, settle, texts };
})();
