// Work by keyboard alone. Single keys are for those who want them: they can be turned off, and are silent while somebody writes.
const dialog = document.getElementById('keys');
const opener = document.getElementById('keys-open');
const wanted = document.getElementById('keys-on');
const places = { i: '/', e: '/episodes', b: '/builds', m: '/money', h: '/health' };
let goes = 0;

function items() { return [...document.querySelectorAll('.line, .waiting, .cell, tbody tr')].filter(item => item.offsetParent); }

function current() { return document.activeElement.closest('.line, .waiting, .cell, tbody tr'); }

function move(step) {
  const all = items();
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + step))];
  if (next) show(next);
}

function show(item) {
  item.tabIndex = -1;
  item.focus();
  item.scrollIntoView({ block: 'nearest' });
}

// The next line that is not as it should be: stale, missing, failed.
function suspect() {
  const all = items();
  const at = all.indexOf(current());
  const due = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(item => item.querySelector('.state.due, .state.bad, .state.asks'));
  if (due) show(due);
}

function play() {
  const player = (current() || document).querySelector('audio, video');
  if (player) player.paused ? player.play().catch(() => {}) : player.pause();
}

function write() {
  const text = current() && current().querySelector('textarea');
  if (text) text.focus();
}

const keys = { j: () => move(1), k: () => move(-1), n: suspect, p: play, w: write, '?': () => dialog.showModal() };

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.key === 'Escape' && event.target.matches('textarea')) {
    const item = current();
    return item && show(item);
  }
  if (event.target.matches('input, textarea, select') || (event.key !== '?' && !wanted.checked)) return;
  if (performance.now() - goes < 1500 && places[event.key]) return location.assign(places[event.key]);
  goes = event.key === 'g' ? performance.now() : 0;
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

export function begin() {
  if (!dialog) return;
  opener.hidden = false;
  opener.addEventListener('click', () => dialog.showModal());
  wanted.checked = localStorage.getItem('keys') !== 'off';
  wanted.addEventListener('change', () => localStorage.setItem('keys', wanted.checked ? 'on' : 'off'));
  document.addEventListener('keydown', press);
}
