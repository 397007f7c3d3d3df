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

  // A select with data-own-zone begins with the zone whose clock shows what this machine's shows.
  document.querySelectorAll("select[data-own-zone]").forEach(function (select) {
    var minutes = String(-new Date().getTimezoneOffset());
    var own = select.querySelector('option[data-minutes="' + minutes + '"]');
    if (own) { own.selected = true; }
  });

  // A part with data-look-again="5" is asked for anew so many seconds later, and the page shown again where its words changed.
  document.querySelectorAll("[data-look-again][id]").forEach(function (part) {
    window.setInterval(function () {
      if (document.hidden) { return; }
      window.fetch(window.location.href, { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (text) {
          var fresh = text && new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
          if (fresh && fresh.textContent !== part.textContent) { window.location.reload(); }
        })
        .catch(function () { /* the link «Look again» remains */ });
    }, part.dataset.lookAgain * 1000);
  });

  // A form with data-check="#part" asks what it would do after each change, and shows that part of the answer.
  var check = function (form) {
    var selector = form.dataset.check;
    var data = new FormData(form);
    data.set("do", "check");
    if (form.checking) { form.checking.abort(); }
    form.checking = new AbortController();
    window.fetch(form.action, { method: "POST", body: data, credentials: "same-origin", signal: form.checking.signal })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) {
        var fresh = text && new DOMParser().parseFromString(text, "text/html").querySelector(selector);
        var old = document.querySelector(selector);
        if (!fresh || !old) { return; }
        var focused = old.contains(document.activeElement) && document.activeElement;
        if (focused && focused.matches("input, textarea, select")) { return; }
        old.replaceWith(fresh);
        if (focused && focused.value) {
          var again = fresh.querySelector('[name="' + focused.name + '"][value="' + focused.value + '"]');
          if (again) { again.focus(); }
        }
      })
      .catch(function () { /* the «Check» button remains */ });
  };
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (!form || !form.dataset.check || form.dataset.sent) { return; }
    var part = document.querySelector(form.dataset.check);
    if (part && part.contains(event.target)) { return; }
    window.clearTimeout(form.checkSoon);
    form.checkSoon = window.setTimeout(function () { check(form); }, 250);
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
  // On paper nothing stays folded.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.folded:not([open])").forEach(function (box) { box.open = box.wasShut = true; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details.folded[open]").forEach(function (box) { if (box.wasShut) { box.open = box.wasShut = false; } });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
