// Follows what is under way: connects once the extension for server-sent events stands, whichever script came first.
"use strict";
for (const place of document.querySelectorAll("[data-follow]")) {
  place.setAttribute("hx-sse:connect", place.getAttribute("data-follow"));
  htmx.process(place);
}
