"use strict";
// Swagger UI's own page starts itself inline, which our Content-Security-Policy refuses.
window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: document.getElementById("docs").dataset.url,
    dom_id: "#docs",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
});
