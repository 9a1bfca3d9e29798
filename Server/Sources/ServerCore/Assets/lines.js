import { hold } from '/assets/waveform.js';

// A line that is edited is saved, spoken and heard without leaving the page. Without script the form does the same, and loads the page again.
async function save(form) {
  const target = form.elements.target.value;
  const words = form.elements.words.value;
  const episode = form.getAttribute('action').split('/')[2];
  const answer = await fetch(`/api/v1/episodes/${episode}/say`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ target, read: form.elements.read.value, words, build: true }),
  });
  const line = form.closest('.line');
  const before = form.elements.read.value;
  if (!answer.ok) return tell(line, (await answer.json()).title);
  form.elements.read.value = words.trim().split(/\s+/).join(' ');
  offer(line, form, before);
  tell(line, 'Saved; being spoken');
  await heard(line, (await answer.json()).build, target);
}

// Takes the edit back: the words that stood there before are an edit like any other.
function offer(line, form, words) {
  line.querySelector('.undo')?.remove();
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'undo';
  button.textContent = 'Undo';
  button.setAttribute('aria-label', `Undo: say “${words}” again`);
  button.addEventListener('click', () => {
    button.remove();
    form.elements.words.value = words;
    form.elements.words.focus();
    hold(save(form));
  });
  form.append(button);
}

async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const made = await answer.json();
  return answer.ok ? { made } : { problem: made.title };
}

// Another take is spoken and heard here. What else the form has, such as a pin, loads the page again.
async function again(form) {
  const line = form.closest('.line');
  const target = form.elements.target.value;
  const name = form.getAttribute('action').split('/')[2];
  const episodes = [decodeURIComponent(name)];
  let last = await post(`/api/v1/episodes/${name}/clean`, { targets: [target] });
  if (!last.problem) last = await post('/api/v1/builds', { episodes, targets: [target], priority: 10 });
  const build = last.made?.id;
  if (!last.problem) last = await post('/api/v1/builds', { episodes });
  if (last.problem) return tell(line, last.problem);
  tell(line, 'Another take is being spoken');
  await heard(line, build, target);
}

function tell(line, text) {
  let note = line.querySelector('.said');
  if (!note) {
    note = document.createElement('p');
    note.className = 'said';
    note.setAttribute('role', 'status');
    line.append(note);
  }
  note.textContent = text;
}

// The server answers as soon as the build has made the line, and after two seconds in any case.
async function heard(line, build, target) {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await fetch(`/api/v1/builds/${build}/outputs?target=${encodeURIComponent(target)}`).catch(() => null);
    if (!answer?.ok) {
      await new Promise(done => setTimeout(done, 1000));
      continue;
    }
    const made = await answer.json();
    const sound = made.outputs.find(output => /\.(wav|mp3|flac|opus|ogg)$/.test(output.name));
    if (sound) return play(line, target, sound.path);
    if (['ended', 'cancelled'].includes(made.state)) break;
  }
  tell(line, 'Not spoken yet: see Builds');
}

function play(line, target, path) {
  let player = line.querySelector('audio');
  if (!player) {
    player = document.createElement('audio');
    player.controls = true;
    player.setAttribute('aria-label', target);
    line.append(player);
  }
  // To draw it can wait until it is heard.
  const draw = () => document.dispatchEvent(new CustomEvent('epbuild-heard', { detail: player }));
  player.addEventListener('playing', draw, { once: true });
  player.src = path;
  tell(line, 'Spoken anew');
  return player.play().catch(() => { player.removeEventListener('playing', draw); draw(); });
}

export function begin() {
  for (const form of document.querySelectorAll('form.say')) {
    form.addEventListener('submit', event => { event.preventDefault(); hold(save(form)); });
  }
  for (const form of document.querySelectorAll('.line form.take')) {
    form.addEventListener('submit', event => {
      if (event.submitter?.value !== 'clean') return;
      event.preventDefault();
      hold(again(form));
    });
  }
  // Ctrl-Enter in a text sends its form with its first button.
  document.addEventListener('keydown', event => {
    const form = event.target.form;
    if (event.key === 'Enter' && event.ctrlKey && form) form.requestSubmit(form.querySelector('button'));
  });
}
