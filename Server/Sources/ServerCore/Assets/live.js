// Keeps a page as it is on the server. One connection a browser: six is all that HTTP/1.1 gives an origin, so tabs share one through a lock and a channel.
import { begin as lines } from '/assets/lines.js';
import { begin as keys } from '/assets/keys.js';
import { begin as sound } from '/assets/sound.js';

const state = document.getElementById('connection');
const channel = new BroadcastChannel('epbuild');
let due = 0;

function say(text) { if (state && state.textContent !== text) state.textContent = text; }

// What a person is writing stays: only the parts that show states are taken from the new page, and nothing moves the focus.
async function refresh() {
  due = 0;
  const parts = [...document.querySelectorAll('[data-live]')];
  const lists = [...document.querySelectorAll('[data-live-list]')];
  if (parts.length + lists.length === 0) return;
  // A network that is gone is told of by the stream, which asks again.
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of parts) {
    const next = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (next && !part.contains(document.activeElement) && next.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(next));
  }
  for (const list of lists) {
    const next = page.querySelector(`[data-live-list="${list.dataset.liveList}"]`);
    if (next) merge(list, next);
  }
}

// What is new comes, what is decided goes, and what stays is left alone: somebody may be hearing it.
function merge(list, next) {
  const known = new Map([...list.children].map(item => [item.dataset.item, item]));
  const wanted = [...next.children];
  const names = new Set(wanted.map(item => item.dataset.item));
  for (const [name, item] of known) if (!names.has(name) && !item.contains(document.activeElement)) item.remove();
  wanted.forEach((item, place) => { if (!known.has(item.dataset.item)) list.insertBefore(document.adoptNode(item), list.children[place] ?? null); });
}

function hear(event) {
  if (event.kind === 'open') return say('Live');
  if (event.kind === 'lost') return say('Connection lost; trying again');
  if (event.kind === 'end') return say('The server has ended');
  document.dispatchEvent(new CustomEvent('epbuild', { detail: event }));
  if (!due) due = setTimeout(refresh, 400);
}

function tell(event) { hear(event); channel.postMessage(event); }

channel.onmessage = message => hear(message.data);

function listen() {
  const source = new EventSource('/api/v1/events');
  return new Promise(() => {
    source.onopen = () => tell({ kind: 'open' });
    source.onerror = () => tell({ kind: 'lost' });
    source.onmessage = message => tell({ kind: 'event', data: message.data });
    source.addEventListener('builds', () => tell({ kind: 'builds' }));
    source.addEventListener('reset', () => tell({ kind: 'reset' }));
    source.addEventListener('end', () => tell({ kind: 'end' }));
  });
}

if (navigator.locks) navigator.locks.request('epbuild-events', listen);
lines();
keys();
sound();
