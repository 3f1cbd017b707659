
(() => {
  'use strict';
  const { problem, editor } = document.body.dataset;
  const soon = 500, latest = 10000;
  let wait = soon;
  let listening = null;
  let retry;

  function outdated() {
    if ('reloads' in document.body.dataset) {
      location.reload();
    } else {
      document.getElementById('next').textContent = 'There is another answer now: reload to send the request again.';
    }
  }

  // Answered for as long as this problem is shown, and says so at the end. While a build comes up, the answer waits for it.
  // Whatever else answers is the application. An end without a word is that of the supervisor: it may come back.
  async function listen() {
    clearTimeout(retry);
    if (listening !== null || document.hidden) { // a browser has few connections for each server
      return;
    }
    const mine = listening = new AbortController();
    try {
      const answer = await fetch(`/.supervisor/failure/${problem}`,
        { cache: 'no-store', redirect: 'manual', signal: mine.signal });
      if (answer.headers.get('X-Supervisor-Problem') !== problem) {
        return outdated();
      }
      wait = soon;
      if (await answer.text() !== '') {
        return outdated();
      }
    } catch (e) {
      // it is not there, or the page listens no more
    }
    if (listening === mine) {
      listening = null;
      retry = setTimeout(listen, wait);
      wait = Math.min(2 * wait, latest);
    }
  }

  function stop() {
    clearTimeout(retry);
    listening?.abort();
    listening = null;
  }

  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-place]');
    if (button) {
      const answer = await fetch(`/.supervisor/editor/${problem}/${button.dataset.place}`,
        { method: 'POST', headers: { 'X-Supervisor-Token': editor } });
      if (!answer.ok) {
        const said = document.createElement('span');
        said.setAttribute('role', 'alert');
        said.textContent = ' ' + (await answer.text()).slice(0, 300);
        button.after(said);
      }
    }
  });

  document.addEventListener('visibilitychange', () => document.hidden ? stop() : listen());
  addEventListener('pagehide', stop);
  addEventListener('pageshow', listen); // also when it comes back by the back button
})();
