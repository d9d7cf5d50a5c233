// Pages work without this. It keeps what is live up to date, and brings in the part that another service makes.
"use strict";

const EVERY = 4000; // milliseconds between looks
const said = document.createElement("p");
said.className = "onzichtbaar";
said.setAttribute("role", "status");
document.body.append(said);

async function follow(place) {
  const url = new URL(location.href);
  url.searchParams.set("deel", "levend");
  let tag = place.dataset.levend;
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY));
    if (document.hidden) continue;
    try {
      const answer = await fetch(url, { headers: tag ? { "If-None-Match": tag } : {}, redirect: "error", cache: "no-store" });
      place.classList.toggle("verouderd", !(answer.ok || answer.status === 304));
      if (answer.status !== 200) continue;
      const first = !tag;
      tag = answer.headers.get("ETag");
      const text = await answer.text();
      if (text.trim() === place.innerHTML.trim()) continue;
      // Who is reading or typing here keeps their place.
      const kept = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      place.innerHTML = text;
      if (kept) place.querySelector(`a[href="${CSS.escape(kept)}"]`)?.focus();
      if (!first) said.textContent = "De gegevens zijn bijgewerkt.";
    } catch {
      place.classList.add("verouderd");
    }
  }
}

async function bring(place) {
  try {
    const answer = await fetch(place.dataset.deel, { redirect: "error" });
    if (answer.ok) place.innerHTML = await answer.text();
    else place.querySelector(".wacht")?.replaceChildren("Dit deel is nu niet beschikbaar.");
  } catch {
    place.querySelector(".wacht")?.replaceChildren("Dit deel is nu niet bereikbaar. Laad de bladzijde opnieuw.");
  }
}

document.querySelectorAll("[data-levend]").forEach(follow);
document.querySelectorAll("[data-deel]").forEach(bring);
document.getElementById("fouten")?.focus();
