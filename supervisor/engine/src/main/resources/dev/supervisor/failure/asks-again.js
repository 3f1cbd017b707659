
(() => {
  'use strict';
  const every = 5000;
  const patience = 90000; // longer than an answer may wait for a build; an application need not answer HEAD at all
  const most = 12;
  let refused = 0;

  // A proxy's answer while it does not reach the supervisor; if it lasts, it is somebody's who means it.
  function isOfProxy(answer) {
    return [502, 503, 504].includes(answer.status) && ++refused < most;
  }

  // Looks for another answer, and shows it then; a page that reloads itself without need takes the reader's place away.
  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href,
          { method: 'HEAD', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(patience) });
        if (answer.headers.get('X-Supervisor-Problem') === document.body.dataset.problem) {
          refused = 0;
        } else if (!isOfProxy(answer)) {
          return location.reload();
        }
      } catch (e) {
        if (e.name === 'TimeoutError') {
          return location.reload();
        } // otherwise it is not there: it may come back
      }
    }
    setTimeout(look, every);
  }

  setTimeout(look, every);
})();
