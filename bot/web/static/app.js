// The live half of the page. Without it everything works by forms; with it the conversation flows, survives a lost
// connection and never shows a line twice: lines have rising numbers, and a message keeps its id until it is taken.
// Lines and choices come drawn by the server's templates, which escape what people wrote.
'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const lines = $('lines'), composer = $('composer'), text = $('text'), state = $('state'), picker = $('picture');
  const choices = $('choices'), list = choices.querySelector('.list');
  const token = composer.elements.token.value;
  const offline = '网络断开，恢复后自动发送', lost = '刚才的图片没有发出去，请再发一次';
  let newest = Math.max(0, ...[...lines.querySelectorAll('[data-n]')].map((l) => Number(l.dataset.n)));

  const say = (words) => { if (state.textContent !== words) state.textContent = words; };
  const make = (tag, cls, words) => {
    const e = document.createElement(tag);
    e.className = cls;
    e.textContent = words;
    return e;
  };

  // --- showing ---
  // The person reads from the first of the newest replies: it stands at the top where all of them do not fit.
  function look() {
    const all = [...lines.querySelectorAll('.line')];
    const own = all.findLastIndex((l) => l.classList.contains('mine'));
    const first = all[own + 1] || all[own];
    const top = document.querySelector('.top').offsetHeight;
    const end = document.documentElement.scrollHeight - innerHeight;
    const start = first ? first.getBoundingClientRect().top + scrollY - top - 12 : end;
    scrollTo({ top: Math.min(start, end), behavior: 'instant' });
  }
  const reading = () => document.documentElement.scrollHeight - innerHeight - scrollY > 240;

  function show(line) {
    if (line.n && line.n <= newest) return;
    if (line.n) newest = line.n;
    const drawn = document.createElement('template');
    drawn.innerHTML = line.html;
    for (const old of lines.querySelectorAll('[id]')) old.removeAttribute('id');
    const own = line.mine && drawn.content.querySelector('.said').textContent;
    const same = own && queue.find((m) => m.words === own && m.li.isConnected);
    if (same) same.li.remove(); // the stream was faster than the answer
    const pending = lines.querySelector('.sending');
    for (const li of [...drawn.content.children]) {
      li.classList.add('fresh');
      lines.insertBefore(li, pending);
      copyable(li);
    }
    choose(line);
  }
  function choose(line) {
    list.innerHTML = line.choices;
    const crisis = lines.querySelector('.line:last-child');
    list.classList.toggle('urgent', !line.mine && crisis !== null && crisis.classList.contains('crisis'));
  }
  function showAll(all) {
    for (const line of all) show(line);
    look();
  }
  // Somebody reading further up is not torn away from it.
  function newer() {
    if (document.querySelector('.newer')) return;
    const b = make('button', 'choice newer', '有新消息 ↓');
    b.type = 'button';
    b.addEventListener('click', () => { b.remove(); look(); });
    composer.append(b);
  }
  addEventListener('scroll', () => {
    const b = document.querySelector('.newer');
    if (b && !reading()) b.remove();
  }, { passive: true });

  function copyable(li) {
    const words = li.querySelector('.copy'), tools = li.querySelector('.copytools');
    if (!words || !tools) return;
    const b = make('button', 'choice', '复制');
    b.type = 'button';
    b.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(words.textContent);
      } catch { // no clipboard without https
        const range = document.createRange();
        range.selectNodeContents(words);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        if (!document.execCommand('copy')) { say('已经选中，长按就能复制'); return; }
      }
      b.textContent = '已复制 ✓';
      say('已复制');
      setTimeout(() => { b.textContent = '复制'; if (state.textContent === '已复制') say(''); }, 3000);
    });
    tools.prepend(b);
  }

  // --- sending: in order, each until it is taken, remembered by the tab over a reload ---
  const queue = [];
  let sending = false, timer = 0, wait = 1000;
  const remember = () => { // of a picture only that there was one
    const kept = queue.map(({ id, fields, words, file }) => file ? { lost } : { id, fields, words });
    if (kept.length) sessionStorage.setItem('queue', JSON.stringify(kept)); else sessionStorage.removeItem('queue');
  };
  const newID = () => [...crypto.getRandomValues(new Uint8Array(12))].map((x) => x.toString(16).padStart(2, '0')).join('');

  function put(fields, words, file) {
    enqueue({ id: newID(), fields, words, file });
    remember();
    send();
  }
  const waits = (message) => message.file ? '等网络恢复，先别刷新，图片会丢' : '等网络恢复';
  function enqueue(message) {
    message.li = make('li', 'line mine sending', '');
    message.li.append(make('p', 'said', message.words), make('time', '', navigator.onLine ? '发送中' : waits(message)));
    lines.append(message.li);
    list.replaceChildren();
    queue.push(message);
    look();
  }
  function taken() {
    queue.shift().li.remove();
    remember();
    wait = 1000;
  }
  async function send() {
    if (sending || timer || !queue.length) return;
    sending = true;
    const message = queue[0];
    try {
      const form = new FormData();
      for (const [k, v] of Object.entries({ ...message.fields, token, id: message.id, after: newest })) form.set(k, v);
      if (message.file) form.set('picture', message.file);
      const answer = await fetch('/say', {
        method: 'POST', headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(60000),
        body: message.file ? form : new URLSearchParams(form),
      });
      took(message, answer, await answer.json());
    } catch {
      say(offline);
      message.li.querySelector('time').textContent = waits(message);
      again(wait);
    } finally {
      sending = false;
    }
    send();
  }
  function took(message, answer, body) {
    if (body.gone) {
      gone(body);
    } else if (body.anew) {
      taken();
      location.reload();
    } else if (answer.ok) {
      const more = queue.length > 1;
      taken();
      say('');
      showAll(body.lines);
      if (more) list.replaceChildren();
      standing();
      connect();
    } else if (answer.status === 503 || answer.status === 429) {
      if (!message.told) showAll(body.lines); // what could not wait for the store, once
      message.told = body.direct;
      say(body.error || '');
      message.li.querySelector('time').textContent = '还没发出';
      again(Math.max(wait, (body.retry || 2) * 1000));
    } else { // it will not be taken as it is: the words go back to where they can be changed
      taken();
      if (message.fields.text) text.value = [message.fields.text, text.value].filter(Boolean).join('\n');
      changed();
      say(body.error || '');
      if (answer.status === 403) setTimeout(() => location.reload(), 2500);
    }
  }
  function again(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; send(); }, ms);
    wait = Math.min(wait * 2, 15000);
  }
  function now() {
    clearTimeout(timer);
    timer = 0;
    send();
  }
  function gone(body) {
    sessionStorage.clear();
    if (stream) { stream.close(); stream = null; }
    queue.length = 0;
    newest = 0;
    lines.replaceChildren();
    $('journey').replaceChildren();
    for (const line of body.lines) show(line);
    say('数据已删除');
    look();
  }

  // --- what the bot says on its own ---
  let stream = null;
  function connect() {
    if (stream || newest === 0) return;
    stream = new EventSource('/events?after=' + newest);
    stream.onopen = () => { if (!queue.length && ![lost, '已复制'].includes(state.textContent)) say(''); now(); };
    stream.onmessage = (e) => {
      const away = reading() && !queue.length;
      show(JSON.parse(e.data));
      if (away) newer(); else look();
      standing();
    };
    stream.addEventListener('anew', () => { if (!sending) location.reload(); }); // else the answer to what is sent says so
    stream.onerror = () => {
      if (!queue.length) say(navigator.onLine ? '正在重新连接' : offline);
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(connect, 3000);
      }
    };
  }
  const wide = matchMedia('(min-width: 960px)');
  wide.addEventListener('change', standing);
  async function standing() {
    if (!wide.matches) return; // there it is a page of its own
    try {
      const answer = await fetch('/journey?part');
      if (!answer.ok) return;
      const pressed = document.activeElement && document.activeElement.closest('.ticks') ? document.activeElement.value : '';
      $('journey').innerHTML = await answer.text();
      const [place] = pressed.split(':').slice(1);
      const same = place && [...$('journey').querySelectorAll('button')].find((b) => b.value.endsWith(':' + place));
      if (same) same.focus({ preventScroll: true });
    } catch { /* it comes with the next line */ }
  }

  // --- composing ---
  function changed() {
    text.style.height = 'auto';
    text.style.height = Math.min(text.scrollHeight + 2, innerHeight * 0.4) + 'px';
    if (text.value) sessionStorage.setItem('draft', text.value); else sessionStorage.removeItem('draft');
  }
  text.addEventListener('input', changed);
  const sends = (e) => e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229;
  text.addEventListener('keydown', (e) => {
    if (!sends(e)) return;
    e.preventDefault();
    composer.requestSubmit();
  });
  text.addEventListener('keypress', (e) => { if (sends(e)) e.preventDefault(); });
  composer.addEventListener('submit', (e) => {
    e.preventDefault();
    if (picker && picker.files[0]) picture(picker.files[0]);
    const words = text.value.trim();
    if (!words) return;
    text.value = '';
    changed();
    put({ text: words }, words);
    text.focus();
  });
  // After a choice the text field takes over for who types; on a touch screen that would open the keyboard over the talk.
  const typing = matchMedia('(pointer: fine)');
  function pressing(form, next) {
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      const b = e.submitter;
      if (!b) return;
      const label = b.dataset.label || b.textContent.trim();
      put({ press: b.value, label }, label);
      if (next && (typing.matches || b.matches(':focus-visible'))) text.focus({ preventScroll: true });
    });
  }
  pressing(choices, true);
  pressing(document.querySelector('.ticks'), false);

  function picture(file) {
    picker.value = '';
    if (file.size > 7 << 20) { say('图片太大了，请截取要看的那一部分'); return; }
    put({}, '［图片］', file);
  }
  const pictureOf = (data) => picker && data && [...data.files].find((f) => f.type.startsWith('image/'));
  function insert(words) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, 'end');
    changed();
    text.focus();
  }
  function take(e, data) {
    const file = pictureOf(data), words = data ? data.getData('text/plain') : '';
    if (!file && (!words || e.target === text)) return;
    e.preventDefault();
    if (file) picture(file); else insert(words);
  }
  if (picker) picker.addEventListener('change', () => { if (picker.files[0]) picture(picker.files[0]); });
  addEventListener('paste', (e) => take(e, e.clipboardData));
  addEventListener('dragover', (e) => { e.preventDefault(); document.body.classList.add('over'); });
  addEventListener('dragleave', () => document.body.classList.remove('over'));
  addEventListener('drop', (e) => { document.body.classList.remove('over'); take(e, e.dataTransfer); if (!e.defaultPrevented && e.target !== text) e.preventDefault(); });
  addEventListener('online', () => { say(''); now(); connect(); });
  addEventListener('offline', () => say(offline));

  for (const li of lines.children) copyable(li);
  text.value = sessionStorage.getItem('draft') || text.value;
  changed();
  for (const m of JSON.parse(sessionStorage.getItem('queue') || '[]')) {
    if (m.lost) say(m.lost); else enqueue(m);
  }
  remember();
  connect();
  look();
  send();
})();
