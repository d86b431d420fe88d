// Saves each answer as it is given. Without this script the page is saved when the respondent goes on.
"use strict";

(() => {
  const form = document.querySelector("form[data-save]");
  const status = document.getElementById("saved");
  if (!form || !status) return;
  const revision = form.querySelector("input[name='svar-revisjon']");
  let busy = false;
  let again = false;
  let leaving = null;

  const tell = (text, trouble) => {
    status.textContent = text;
    status.toggleAttribute("data-trouble", trouble);
  };

  async function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Requested-With": "fetch" },
        redirect: "error",
      });
      const said = await answer.json();
      tell(said.text, !said.saved);
      if (said.saved) {
        revision.value = said.revision;
        for (const question of form.querySelectorAll("[data-question]")) {
          question.hidden = said.hidden.includes(question.dataset.question);
        }
      }
    } catch {
      tell(status.dataset.offline, true);
    }
    busy = false;
    if (leaving) {
      form.requestSubmit(leaving.button);
    } else if (again) {
      again = false;
      save();
    }
  }

  form.addEventListener("change", save);
  // One request at a time: a save that is under way ends before the page is sent.
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    leaving = { button: event.submitter };
  });
})();
