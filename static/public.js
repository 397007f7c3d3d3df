/* The page of lessons keeps itself right: once a minute, when it is looked at and nothing is being read in it. */
(function () {
  "use strict";
  window.setInterval(function () {
    if (!document.hidden && !document.querySelector("details[open]")) { window.location.reload(); }
  }, 60000);
})();
