// Signing in and out: the browser sends what the page gave it, gets its cookie set or taken away, and loads anew.
const given = document.getElementById("session");
fetch(given.dataset.path, { method: "POST", body: given.dataset.secret }).then(() => window.location.reload());
