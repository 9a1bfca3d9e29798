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
  await heard(line, episode, target);
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
    save(form);
  });
  form.append(button);
}

async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return answer.ok ? null : (await answer.json()).title;
}

// Another take is spoken and heard here. What else the form has, such as a pin, loads the page again.
async function again(form) {
  const line = form.closest('.line');
  const target = form.elements.target.value;
  const episode = form.getAttribute('action').split('/')[2];
  const problem = await post(`/api/v1/episodes/${episode}/clean`, { targets: [target] })
    ?? await post('/api/v1/builds', { episodes: [decodeURIComponent(episode)], targets: [target], priority: 10 })
    ?? await post('/api/v1/builds', { episodes: [decodeURIComponent(episode)] });
  if (problem) return tell(line, problem);
  tell(line, 'Another take is being spoken');
  await heard(line, episode, target);
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

async function heard(line, episode, target) {
  for (let tries = 0; tries < 120; tries++) {
    await new Promise(done => {
      const timer = setTimeout(done, 250);
      document.addEventListener('epbuild', () => { clearTimeout(timer); done(); }, { once: true });
    });
    const answer = await fetch(`/api/v1/episodes/${episode}/artifacts?target=${encodeURIComponent(target)}`);
    if (!answer.ok) continue;
    const actions = await answer.json();
    const last = actions[actions.length - 1];
    const sound = last && last.state === 'up to date' && last.outputs.find(output => /\.(wav|mp3|flac|opus|ogg)$/.test(output.name));
    if (!sound) continue;
    let player = line.querySelector('audio');
    if (!player) {
      player = document.createElement('audio');
      player.controls = true;
      player.setAttribute('aria-label', target);
      line.append(player);
    }
    player.src = `/api/v1/artifacts/${sound.sha256}?name=${encodeURIComponent(sound.name)}`;
    tell(line, 'Spoken anew');
    document.dispatchEvent(new CustomEvent('epbuild-heard', { detail: player }));
    return player.play().catch(() => {});
  }
  tell(line, 'Not spoken yet: see Builds');
}

export function begin() {
  for (const form of document.querySelectorAll('form.say')) {
    form.addEventListener('submit', event => { event.preventDefault(); save(form); });
  }
  for (const form of document.querySelectorAll('.line form.take')) {
    form.addEventListener('submit', event => {
      if (event.submitter?.value !== 'clean') return;
      event.preventDefault();
      again(form);
    });
  }
  // Ctrl-Enter in a text sends its form with its first button.
  document.addEventListener('keydown', event => {
    const form = event.target.form;
    if (event.key === 'Enter' && event.ctrlKey && form) form.requestSubmit(form.querySelector('button'));
  });
}
