/* Small comforts; every page works without them. */
(function () {
  "use strict";

  // A button with data-copy="#id" copies that field or text, and says so in data-done.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) { return; }
    var source = document.querySelector(button.dataset.copy);
    if (!source) { return; }
    var text = "value" in source ? source.value : source.textContent;
    var done = function () {
      var before = button.textContent;
      if (!button.dataset.done || before === button.dataset.done) { return; }
      button.textContent = button.dataset.done;
      button.setAttribute("aria-live", "polite");
      window.setTimeout(function () { button.textContent = before; }, 2500);
    };
    var byHand = function () {
      if (source.select) {
        source.select();
      } else {
        window.getSelection().selectAllChildren(source);
      }
      if (document.execCommand("copy")) { done(); }
    };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, byHand);
    } else {
      byHand();
    }
  });

  // A form is sent once; the server refuses the second copy too, this only spares the surprise.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.querySelectorAll("button:not([type=button])").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach(function (button) { button.removeAttribute("aria-disabled"); });
    });
  });

  // A select or chip with data-submit sends its form when changed.
  document.addEventListener("change", function (event) {
    if (event.target.closest("[data-submit]") && event.target.form) { event.target.form.requestSubmit(); }
  });

  // An open popover closes on a press outside and on Escape.
  var closePopovers = function (except) {
    document.querySelectorAll("details.more[open]").forEach(function (box) {
      if (box !== except) { box.open = false; }
    });
  };
  document.addEventListener("click", function (event) { closePopovers(event.target.closest("details.more")); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    var box = document.querySelector("details.more[open]");
    if (box) { box.open = false; box.querySelector("summary").focus(); }
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
