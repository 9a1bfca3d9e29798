// What is heard: the waveform of each line, and the line that is heard at this moment.
import { free, show } from '/assets/waveform.js';

let context = null;

// Where its form is drawn: there before it is fetched, so that nothing moves under a hand later.
function place(player) {
  const known = player.parentElement.querySelector('canvas.wave');
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.className = 'wave';
  canvas.setAttribute('aria-hidden', 'true');
  [canvas.width, canvas.height] = [600, 40];
  player.before(canvas);
  return canvas;
}

async function draw(player) {
  const answer = await fetch(player.currentSrc || player.src);
  if (!answer.ok) return;
  context ??= new OfflineAudioContext(1, 1, 8000);
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  const canvas = place(player);
  const samples = sound.getChannelData(0);
  const pen = canvas.getContext('2d');
  pen.clearRect(0, 0, 600, 40);
  pen.fillStyle = getComputedStyle(player).getPropertyValue('--accent');
  for (let x = 0; x < 600; x++) {
    let most = 0;
    for (let at = Math.floor(x * samples.length / 600); at < Math.floor((x + 1) * samples.length / 600); at++) most = Math.max(most, Math.abs(samples[at]));
    pen.fillRect(x, 20 - most * 19, 1, Math.max(1, most * 38));
  }
}

// Only what comes into view is fetched, and stays there for a moment: one sound after the other, as a browser has few connections.
function waves() {
  const due = new Set();
  let turn = Promise.resolve();
  const next = async () => {
    await free();
    const [player] = due;
    if (!player) return;
    due.delete(player);
    watch.unobserve(player);
    await draw(player).catch(() => {});
    // Its length.
    player.preload = 'metadata';
  };
  const watch = new IntersectionObserver(seen => {
    for (const { target, isIntersecting } of seen) {
      if (target.closest('.line')) {
        if (!isIntersecting) { due.delete(target); continue; }
        place(target);
        due.add(target);
        setTimeout(() => { turn = turn.then(next); }, 200);
      } else if (isIntersecting) {
        watch.unobserve(target);
        show(target).catch(() => {});
      }
    }
  });
  for (const player of document.querySelectorAll('.line audio, .episode-sound audio, .episode-sound video')) watch.observe(player);
  // Another take of it has another form.
  document.addEventListener('epbuild-heard', event => draw(event.detail).catch(() => {}));
}

// The script follows the episode, and is the way into it.
function follow() {
  const player = document.querySelector('.episode-sound audio, .episode-sound video');
  const lines = [...document.querySelectorAll('[data-start]')];
  if (!player || lines.length === 0) return;
  let last = null;
  player.addEventListener('timeupdate', () => {
    const now = lines.find(line => player.currentTime >= Number(line.dataset.start) && player.currentTime < Number(line.dataset.end));
    if (now === last) return;
    if (last) last.removeAttribute('aria-current');
    last = now;
    if (!now) return;
    now.setAttribute('aria-current', 'true');
    if (!player.paused && !now.contains(document.activeElement)) now.scrollIntoView({ block: 'nearest' });
  });
  for (const line of lines) {
    const button = line.querySelector('.from-here');
    button.hidden = false;
    button.addEventListener('click', () => { player.currentTime = Number(line.dataset.start); player.play().catch(() => {}); });
  }
}

// Chapters lead into the episode, and the one that is heard is marked.
function chapters() {
  const player = document.querySelector('.episode-sound audio, .episode-sound video');
  const all = [...document.querySelectorAll('.chapter')];
  if (!player || all.length === 0) return;
  for (const one of all) one.addEventListener('click', () => { player.currentTime = Number(one.dataset.at); player.play().catch(() => {}); });
  player.addEventListener('timeupdate', () => {
    const now = all.findLast(one => Number(one.dataset.at) <= player.currentTime + 0.05);
    for (const one of all) one === now ? one.setAttribute('aria-current', 'true') : one.removeAttribute('aria-current');
  });
}

export function begin() { waves(); follow(); chapters(); }
