// Shows on the page where the field that has the focus was read. Everything else works without this file.
"use strict";
for (const input of document.querySelectorAll("input[data-box]")) {
  const box = document.getElementById(input.dataset.box);
  if (!box) continue;
  input.addEventListener("focus", () => {
    box.classList.add("here");
    box.scrollIntoView({ block: "center", behavior: "instant" });
  });
  input.addEventListener("blur", () => box.classList.remove("here"));
}
