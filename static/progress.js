/* Keeps the progress of a remote day fresh without reloading; without it the page refreshes itself whole. */
(function () {
  "use strict";
  var box = document.querySelector("[data-poll]");
  if (!box || !window.fetch) { return; }
  var lost = document.getElementById("poll-lost");
  var SOON = 2000, SELDOM = 30000;
  var tag = "", pause = SOON, timer = 0, busy = false;

  var isSettled = function () {
    var state = box.querySelector("[data-settled]");
    return Boolean(state) && state.dataset.settled === "1";
  };
  var plan = function () {
    window.clearTimeout(timer);
    if (!document.hidden) { timer = window.setTimeout(ask, pause); }
  };
  var show = function (text) {
    var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-settled]");
    if (!fresh) { window.location.reload(); return; }
    var active = document.activeElement;
    var focused = box.contains(active) ? active.id || active.getAttribute("href") : "";
    box.querySelectorAll("details[id]").forEach(function (old) {
      var same = fresh.querySelector("#" + old.id);
      if (same) { same.open = old.open; }
    });
    box.replaceChildren(fresh);
    var again = focused && Array.from(box.querySelectorAll("a, button, summary")).find(function (one) {
      return one.id === focused || one.getAttribute("href") === focused;
    });
    if (again) { again.focus({ preventScroll: true }); }
  };
  var ask = function () {
    if (busy) { return; }
    busy = true;
    window.fetch(box.dataset.poll, { credentials: "same-origin", cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} })
      .then(function (answer) {
        if (answer.redirected || answer.status === 401 || answer.status === 403) { window.location.reload(); return ""; }
        if (answer.status === 304) { pause = Math.min(pause * 1.4, SELDOM); return ""; }
        if (!answer.ok) { throw new Error(String(answer.status)); }
        tag = answer.headers.get("ETag") || "";
        return answer.text().then(function (text) { show(text); pause = isSettled() ? SELDOM / 2 : SOON; return text; });
      })
      .then(function () { lost.hidden = true; })
      .catch(function () {
        lost.textContent = box.dataset.lost;
        lost.hidden = false;
        pause = Math.min(pause * 2, SELDOM);
      })
      .then(function () { busy = false; plan(); });
  };
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { window.clearTimeout(timer); return; }
    pause = SOON;
    ask();
  });
  pause = isSettled() ? SELDOM / 2 : SOON;
  plan();
})();
