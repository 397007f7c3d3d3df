/* The week by keyboard: arrows move between the cells, Home and End along the day's row, Page keys change the week. */
(function () {
  "use strict";
  var table = document.querySelector("[data-week]");
  if (!table) { return; }
  var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
    return Array.prototype.slice.call(row.cells, 1).map(function (cell) { return cell.querySelector("a"); });
  });

  var seat = function (link) {
    for (var r = 0; r < rows.length; r += 1) {
      for (var c = 0; c < rows[r].length; c += 1) {
        if (rows[r][c] && rows[r][c].closest("td") === link.closest("td")) { return { row: r, column: c }; }
      }
    }
    return null;
  };
  var seen = function (link) { return link && link.offsetParent !== null; };

  var walk = function (at, down, right) {
    var r = at.row + down;
    var c = at.column + right;
    while (r >= 0 && r < rows.length && c >= 0 && c < rows[r].length) {
      if (seen(rows[r][c])) { return rows[r][c]; }
      r += down;
      c += right;
    }
    return null;
  };
  var along = function (at, backwards) {
    var links = rows[at.row].filter(seen);
    return links[backwards ? links.length - 1 : 0] || null;
  };
  var moves = {
    ArrowUp: function (at) { return walk(at, -1, 0); },
    ArrowDown: function (at) { return walk(at, 1, 0); },
    ArrowLeft: function (at) { return walk(at, 0, -1); },
    ArrowRight: function (at) { return walk(at, 0, 1); },
    Home: function (at) { return along(at, false); },
    End: function (at) { return along(at, true); }
  };

  table.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    var page = { PageUp: "[data-earlier]", PageDown: "[data-later]" }[event.key];
    if (page) {
      event.preventDefault();
      document.querySelector(page).click();
      return;
    }
    var link = event.target.closest("a");
    var at = link && moves[event.key] && seat(link);
    var next = at && moves[event.key](at);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
})();
