// Reloads the page when the supervisor serves another build than the one that the page is of.
(() => {
  'use strict';
  if (window.supervisorRefresh) {
    return;
  }
  window.supervisorRefresh = true;
  const script = document.currentScript;
  const address = script.src.replace(/\.js(\?.*)?$/, '');
  const key = `supervisor-refresh ${location.pathname}`; // of each page in the frames of a tab
  const MOST_TRIES = 8; // a minute in all: longer than former connections last, but not for ever, should a cache answer
  let shown = script.dataset.version; // where the page does not say, the first that is told
  const navigation = performance.getEntriesByType('navigation')[0];
  const began = navigation?.responseStart ?? performance.now();
  let stream = null;
  let retry;

  function told(live) {
    clearTimeout(retry);
    if (isRefreshedByItsParent()) { // whose script may have come later
      stop();
    } else if (shown === undefined || shown === live) {
      shown = live;
      remember(null);
    } else {
      const tries = triesFor(live);
      if (tries === 0) {
        reload(live, 1);
      } else if (tries < MOST_TRIES) { // the former build has answered once more, on a connection of its own
        retry = setTimeout(reload, 250 * 2 ** tries, live, tries + 1);
      }
    }
  }

  function reload(live, tries) {
    remember(`${tries} ${live}`);
    location.reload();
  }

  function isRefreshedByItsParent() {
    try {
      return parent !== window && parent.supervisorRefresh === true;
    } catch (e) {
      return false; // it is of another origin
    }
  }

  function listen() {
    // a browser has few connections for each server
    if (stream === null && !document.hidden && !isRefreshedByItsParent()) {
      stream = new EventSource(shown === undefined ? `${address}?begun=${Math.floor(performance.now() - began)}` : address);
      stream.onmessage = event => told(event.data);
    }
  }

  function stop() {
    clearTimeout(retry);
    if (stream !== null) {
      stream.close();
      stream = null;
    }
  }

  function triesFor(live) {
    try {
      const [tries, version] = (sessionStorage.getItem(key) ?? '').split(' ');
      return version === live ? Number(tries) : 0;
    } catch (e) {
      return navigation?.type === 'reload' ? 3 : 0; // it may be forbidden; but never again and again at once
    }
  }

  function remember(tries) {
    try {
      if (tries === null) {
        sessionStorage.removeItem(key);
      } else {
        sessionStorage.setItem(key, tries);
      }
    } catch (e) {
      // it may be forbidden
    }
  }

  document.addEventListener('visibilitychange', () => document.hidden ? stop() : listen());
  addEventListener('pagehide', stop);
  addEventListener('pageshow', listen); // also when it comes back by the back button
  listen();
})();
