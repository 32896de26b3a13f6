// Leaving quickly, on every page: by the button, or Esc three times. The page empties at once, a harmless one takes its
// place, what the tab remembered is forgotten, and going back shows nothing of it. Loaded before anything is drawn.
'use strict';
(() => {
  const root = document.documentElement;
  function leave(e) {
    if (e) e.preventDefault();
    root.hidden = true;
    root.replaceChildren();
    try {
      sessionStorage.clear();
      sessionStorage.setItem('left', '1');
    } catch { /* no store, nothing remembered */ }
    location.replace('/away');
  }
  // Going back after leaving; opening the address again is a new visit.
  const [visit] = performance.getEntriesByType('navigation');
  if (sessionStorage.getItem('left')) {
    if (visit && visit.type === 'back_forward') { leave(); return; }
    sessionStorage.removeItem('left');
  }
  // A page that the browser keeps whole for going back is kept blank.
  addEventListener('pagehide', () => { root.hidden = true; });
  addEventListener('pageshow', (e) => {
    if (e.persisted && sessionStorage.getItem('left')) leave();
    else if (e.persisted) location.reload();
  });
  let escapes = [];
  addEventListener('keydown', (e) => {
    if (e.key !== 'Escape' || e.isComposing) return;
    escapes = [...escapes.filter((t) => e.timeStamp - t < 2000), e.timeStamp];
    if (escapes.length >= 3) leave();
  });
  addEventListener('DOMContentLoaded', () => {
    document.getElementById('leave').addEventListener('click', leave);
    for (const b of document.querySelectorAll('[data-print]')) {
      b.hidden = false;
      b.addEventListener('click', () => print());
    }
  });
})();
