// A small help for those who have scripts; every page works without.
// Leaving a form in which something has been typed asks first, because nothing typed may be lost.
"use strict";

let touched = false;

for (const form of document.querySelectorAll("form.nf-form")) {
  form.addEventListener("input", () => {
    touched = true;
  });
  form.addEventListener("submit", () => {
    touched = false;
  });
}

window.addEventListener("beforeunload", (event) => {
  if (touched) {
    event.preventDefault();
  }
});
