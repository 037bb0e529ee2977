// Conveniences. Everything works without this file: one has to reload, and to save before another row is there.
"use strict";

// Shows on the page where the field that has the focus was read.
document.addEventListener("focusin", (event) => {
  for (const old of document.querySelectorAll("rect.here")) old.classList.remove("here");
  const box = event.target.dataset?.box && document.getElementById(event.target.dataset.box);
  if (!box) return;
  box.classList.add("here");
  const paper = box.closest(".paper"), inside = paper.getBoundingClientRect(), at = box.getBoundingClientRect();
  if (at.top < inside.top || at.bottom > Math.min(inside.bottom, innerHeight)) {
    paper.scrollTop += at.top - inside.top - inside.height / 3;
  }
});

// A row that is begun gets an empty one below it.
document.addEventListener("input", (event) => {
  const row = event.target.closest?.("tr.spare");
  if (!row || row.nextElementSibling) return;
  const next = row.cloneNode(true);
  const name = row.closest("table").dataset.rows, number = Number(row.querySelector("input").name.split(":")[1]);
  for (const input of next.querySelectorAll("input")) {
    input.name = input.name.replace(`${name}:${number}:`, `${name}:${number + 1}:`);
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, number + 2));
    input.value = "";
  }
  row.after(next);
});

// Another value that was found on the page goes into the field; nothing is sent.
document.addEventListener("click", (event) => {
  const field = event.target.dataset?.fill && document.getElementById(event.target.dataset.fill);
  if (!field) return;
  field.value = event.target.textContent;
  field.focus();
});

// Beside a clause that is looked at stands what was agreed about it before: the two nearest, without leaving the page.
const NEAREST = 2;
async function before(clause) {
  const link = clause.querySelector(".before a");
  if (!link || !clause.open || clause.dataset.asked) return;
  clause.dataset.asked = "yes";
  try {
    const reply = await fetch(link.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(reply.ok ? await reply.text() : "", "text/html");
    const found = [...page.querySelectorAll("ol.found > li")].slice(0, NEAREST);
    for (const button of found.flatMap((each) => [...each.querySelectorAll("button")])) button.remove();
    const list = document.createElement("ul");
    list.className = "nearest";
    list.append(...found);
    if (found.length) link.closest(".before").after(list);
  } catch { /* the link leads there */ }
}
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.clause")) before(event.target);
}, true);
addEventListener("load", async () => {
  for (const clause of document.querySelectorAll("details.clause[open]")) await before(clause);
});

// What was sent on is asked for while something is under way.
async function look() {
  const sent = document.getElementById("sent");
  if (!sent?.hasAttribute("data-going")) return;
  try {
    const reply = await fetch("/going", { headers: { accept: "text/html" } });
    if (reply.ok) {
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("sent");
      if (fresh && fresh.innerHTML !== sent.innerHTML) sent.replaceWith(fresh);
      else if (fresh && !fresh.hasAttribute("data-going")) sent.removeAttribute("data-going");
    }
  } catch { /* the desk was closed; the next page says so */ }
  setTimeout(look, 1500);
}
setTimeout(look, 1000);
