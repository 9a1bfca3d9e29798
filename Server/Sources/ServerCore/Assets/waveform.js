// The form of a sound of any length: of a long MP3 a piece at a time, so that an hour takes no more memory than a minute.
const PIECE = 1 << 20;
const LARGEST = 32 << 20;
const RATE = 8000;
const STEP = RATE / 20;
let context = null;
let held = Promise.resolve();

// Whoever waits to hear something is not held up by what is only drawn: that waits, too, for some seconds at most.
export function hold(until) {
  const end = new Promise(done => setTimeout(done, 3000));
  held = Promise.allSettled([held, Promise.race([until, end])]);
}
export const free = () => held;

async function decoded(bytes) {
  context ??= new OfflineAudioContext(1, 1, RATE);
  return (await context.decodeAudioData(bytes)).getChannelData(0);
}

// The loudest sample of each twentieth of a second.
function measured(samples) {
  const peaks = [];
  for (let begin = 0; begin < samples.length; begin += STEP) {
    let most = 0;
    const end = Math.min(samples.length, begin + STEP);
    for (let at = begin; at < end; at++) most = Math.max(most, Math.abs(samples[at]));
    peaks.push(most);
  }
  return peaks;
}

async function part(url, begin, end) {
  const answer = await fetch(url, { headers: { range: `bytes=${begin}-${end - 1}` } });
  if (!answer.ok) throw new Error(answer.statusText);
  const size = Number(answer.headers.get('content-range')?.split('/')[1] ?? answer.headers.get('content-length'));
  return { bytes: await answer.arrayBuffer(), size };
}

// Behind the tag at the beginning, whose picture may be longer than a piece.
function tagEnd(bytes) {
  const head = new Uint8Array(bytes, 0, Math.min(10, bytes.byteLength));
  if (head.length < 10 || String.fromCharCode(...head.subarray(0, 3)) !== 'ID3') return 0;
  return 10 + ((head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127);
}

async function walk(url, isMP3, tell) {
  const first = await part(url, 0, 10);
  if (!isMP3) {
    if (first.size > LARGEST) throw new Error('that is too long to be drawn');
    return tell(measured(await decoded((await part(url, 0, first.size)).bytes)));
  }
  // A decoder finds the next frame by itself, so the sound may be cut anywhere.
  const start = tagEnd(first.bytes);
  for (let at = start; at < first.size; at += PIECE) {
    await free();
    const { bytes } = await part(url, at, Math.min(first.size, at + PIECE));
    const peaks = measured(await decoded(bytes));
    // The frame that was cut clicks.
    if (at > start && peaks.length > 1) peaks[0] = peaks[1];
    tell(peaks);
  }
}

function draw(canvas, peaks, expected) {
  const { width, height } = canvas;
  const pen = canvas.getContext('2d');
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = getComputedStyle(canvas).getPropertyValue('--accent');
  const count = Math.max(expected, peaks.length);
  for (let x = 0; x < width; x++) {
    const begin = Math.floor(x * count / width);
    const most = Math.max(0, ...peaks.slice(begin, Math.max(begin + 1, Math.floor((x + 1) * count / width))));
    if (begin < peaks.length) pen.fillRect(x, height / 2 - most * (height / 2 - 1), 1, Math.max(1, most * (height - 2)));
  }
}

// Above its player, with where it is heard; a click leads there. Whoever sees no canvas, or uses none, has the player itself.
export async function show(player) {
  const box = document.createElement('div');
  const canvas = document.createElement('canvas');
  const now = document.createElement('div');
  [box.className, canvas.className, now.className] = ['whole-wave', 'wave', 'now'];
  box.setAttribute('aria-hidden', 'true');
  [canvas.width, canvas.height] = [1200, 64];
  box.append(canvas, now);
  player.before(box);
  box.addEventListener('click', event => {
    const { left, width } = box.getBoundingClientRect();
    if (player.duration) player.currentTime = (event.clientX - left) / width * player.duration;
  });
  player.addEventListener('timeupdate', () => { if (player.duration) now.style.left = `${100 * player.currentTime / player.duration}%`; });
  const peaks = [];
  const url = player.currentSrc || player.src;
  await walk(url, new URL(url).searchParams.get('name')?.endsWith('.mp3'), more => {
    peaks.push(...more);
    draw(canvas, peaks, Math.ceil((player.duration || 0) * 20));
  });
  box.dataset.ready = peaks.length;
}
