/* Buttons that hand a text to the device's own share sheet, where it has one; «Скопировать» does without. */
(function () {
  "use strict";
  if (!navigator.share) { return; }
  document.querySelectorAll("[data-share]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var source = document.querySelector(button.dataset.share);
      if (source) { navigator.share({ text: source.value }).catch(function () { /* closed by the person */ }); }
    });
  });
})();
