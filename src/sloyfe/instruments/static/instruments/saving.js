// Saves what is filled in as it is given, and while somebody writes. Without this script a page is saved when it is sent.
//
// The page posts itself to its own address and is told in words what became of it:
//   saved: whether something stands saved now     text: what to say
//   revision: what the page rests on from now     hidden: questions that do not apply any more
//   wrong: items that could not be saved as they are written
"use strict";

(() => {
  const form = document.querySelector("form[data-save]");
  const status = document.getElementById("saved");
  if (!form || !status) return;
  const revision = form.elements[form.dataset.save];
  const PAUSE = 2000; // since the last key
  const AGAIN = 10000; // until a lost connection is tried once more
  const MOST_ON_LEAVING = 60000; // a browser sends no more than 64 KB for a page that is gone

  let typed = false; // since the last time that something was sent
  let unsaved = false; // what was sent last is not saved, or not all of it
  let busy = false;
  let again = false;
  let lost = false; // no connection
  let failed = false; // an answer that is not for this page: signed out, or worse
  let leaving = null;
  let going = false;
  let timer = 0;

  const written = () => new URLSearchParams(new FormData(form));
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  const tell = (text, trouble) => {
    // The same words once more would be read aloud once more.
    if (status.textContent !== text) status.textContent = text;
    status.toggleAttribute("data-trouble", trouble);
    uncover();
  };
  // The line stays at the foot of the window: where it comes over the field that has the focus, the page moves.
  const uncover = () => {
    const field = document.activeElement;
    if (!form.contains(field) || field === document.body) return;
    const { top, bottom } = field.getBoundingClientRect();
    const line = status.getBoundingClientRect();
    const over = bottom + 8 - line.top;
    if (over > 0 && top < line.bottom && top - over > 0) scrollBy(0, over);
  };

  function show(said) {
    const wrong = said.wrong ?? [];
    if (said.saved) {
      revision.value = said.revision;
      for (const question of form.querySelectorAll("[data-question]")) {
        question.hidden = said.hidden.includes(question.dataset.question);
      }
    }
    for (const field of form.elements) {
      if (wrong.includes(field.name)) {
        if (!field.hasAttribute("aria-invalid")) field.dataset.wrong = "";
        field.setAttribute("aria-invalid", "true");
      } else if ("wrong" in field.dataset) {
        delete field.dataset.wrong;
        field.removeAttribute("aria-invalid");
      }
    }
    unsaved = !said.saved || wrong.length > 0;
    tell(said.text, unsaved);
  }

  async function save() {
    clearTimeout(timer);
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    typed = false;
    try {
      const body = written();
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
        keepalive: String(body).length < MOST_ON_LEAVING,
      });
      const isWords = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
      const said = isWords ? await answer.json() : { saved: false, text: status.dataset.failed };
      lost = false;
      failed = !isWords;
      show(said);
    } catch {
      lost = typed = unsaved = true;
      tell(status.dataset.offline, true);
    }
    busy = false;
    if (leaving) {
      const { button } = leaving;
      leaving = null;
      again = false;
      if (!lost && !failed) {
        going = true;
        form.requestSubmit(button);
      }
    } else if (again) {
      again = false;
      if (typed) save();
    }
    if (lost) later(AGAIN);
  }

  form.addEventListener("input", () => {
    typed = true;
    later(PAUSE);
  });
  form.addEventListener("change", () => {
    if (typed) save();
  });
  form.addEventListener("focusin", uncover);
  addEventListener("online", () => {
    if (lost) save();
  });

  // One request at a time: a save that is under way ends before the page is sent. Where it cannot be saved the page
  // stays, with all that is written in it.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (going || !(busy || lost || failed || !navigator.onLine)) {
      going = true;
      return;
    }
    event.preventDefault();
    leaving = { button: event.submitter };
    if (!busy) save();
  });

  // Whoever leaves by a link, or puts the telephone away, has it saved as well.
  const hurry = () => {
    if (typed && !busy && !going) save();
  };
  addEventListener("pagehide", hurry);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hurry();
  });
  addEventListener("beforeunload", (event) => {
    const tooLate = typed && (busy || String(written()).length >= MOST_ON_LEAVING);
    if (!going && (unsaved || tooLate)) event.preventDefault();
  });
  // A page that a browser kept may rest on less than what it saved itself when it was left.
  addEventListener("pageshow", (event) => {
    going = false;
    if (event.persisted) save();
  });
})();
