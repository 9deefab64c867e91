// Follows what is under way. The extension for server-sent events may come after htmx has begun, or before: the place
// is given to it once htmx has seen the page, so that it is neither missed nor followed twice.
"use strict";
const follow = (place) => {
  if (!place.querySelector("[data-htmx-powered]")) {
    setTimeout(follow, 20, place);
    return;
  }
  place.setAttribute("hx-sse:connect", place.getAttribute("data-follow"));
  htmx.process(place);
};
document.querySelectorAll("[data-follow]").forEach((place) => follow(place));
