// Reloads the page when the supervisor serves another build than the one that the page is of.
(() => {
  'use strict';
  if (window.supervisorRefresh) {
    return;
  }
  window.supervisorRefresh = true;
  const script = document.currentScript;
  const address = script.src.replace(/\.js(\?.*)?$/, '');
  const key = 'supervisor-refresh';
  let shown = script.dataset.version; // where the page does not say, the first that is told
  const began = performance.getEntriesByType('navigation')[0]?.responseStart ?? performance.now();
  let stream = null;

  function told(live) {
    if (shown === undefined || shown === live) {
      shown = live;
      remember(null);
    } else if (recall() !== live) { // not for ever, should a cache answer with the former page
      stop();
      remember(live);
      location.reload();
    }
  }

  function listen() {
    if (stream === null && !document.hidden) { // a browser has few connections for each server
      stream = new EventSource(shown === undefined ? `${address}?begun=${Math.floor(performance.now() - began)}` : address);
      stream.onmessage = event => told(event.data);
    }
  }

  function stop() {
    if (stream !== null) {
      stream.close();
      stream = null;
    }
  }

  function recall() {
    try {
      return sessionStorage.getItem(key);
    } catch (e) {
      return null; // it may be forbidden
    }
  }

  function remember(live) {
    try {
      if (live === null) {
        sessionStorage.removeItem(key);
      } else {
        sessionStorage.setItem(key, live);
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
