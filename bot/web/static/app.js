// The live half of the page. Without it everything works by forms; with it the conversation flows, survives a lost
// connection and never shows a line twice: lines have rising numbers, and a message keeps its id until it is taken.
'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const lines = $('lines'), choices = $('choices'), composer = $('composer'), text = $('text'), state = $('state');
  const token = composer.elements.token.value;
  let newest = Math.max(0, ...[...lines.querySelectorAll('[data-n]')].map((l) => Number(l.dataset.n)));
  const queue = []; // messages not taken yet, oldest first
  let sending = false, stream = null, wait = 1000;

  const id = () => {
    const b = crypto.getRandomValues(new Uint8Array(12));
    return [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  };
  const make = (tag, cls, words) => {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    if (words !== undefined) e.textContent = words;
    return e;
  };
  const say = (words) => { state.textContent = words; };

  // --- showing ---
  function show(line) {
    if (line.n && line.n <= newest) return;
    if (line.n) newest = line.n;
    if (line.mine) {
      const own = lines.querySelector('.line.mine.sending');
      if (own && own.dataset.said === line.mine) own.remove();
    }
    const li = make('li', 'line ' + (line.mine ? 'mine' : 'theirs') + (line.crisis ? ' crisis' : ''));
    if (line.n) li.dataset.n = line.n;
    if (line.mine) li.append(make('p', 'said', line.mine));
    for (const b of line.blocks || []) li.append(b.kind === 'quote' ? make('blockquote', '', b.text) : make('p', b.kind, b.text));
    if (line.copy) li.append(make('pre', 'copy', line.copy));
    if (line.file) {
      const a = make('a', '', '下载文件');
      a.href = '/file/' + encodeURIComponent(line.file);
      a.download = '';
      const p = make('p', 'file');
      p.append(a);
      li.append(p);
    }
    li.append(make('time', '', line.time));
    const pending = lines.querySelector('.line.mine.sending');
    if (pending) lines.insertBefore(li, pending); else lines.append(li);
    copyable(li);
    buttons(line.mine ? [] : line.buttons || []);
    down();
  }
  function buttons(list) {
    for (const old of choices.querySelectorAll('.choice')) old.remove();
    for (const b of list) {
      let e;
      if (b.p || b.u) {
        e = make('a', 'choice' + (b.p ? ' call' : ''), b.l);
        e.href = b.p ? 'tel:' + b.p : b.u;
        if (b.u) { e.target = '_blank'; e.rel = 'noreferrer noopener'; }
      } else {
        e = make('button', 'choice', b.l);
        e.name = 'press';
        e.value = b.d;
      }
      choices.append(e);
    }
  }
  function copyable(li) {
    for (const pre of li.querySelectorAll('.copy')) {
      if (pre.nextElementSibling && pre.nextElementSibling.className === 'copybutton') continue;
      const b = make('button', 'copybutton', '复制');
      b.type = 'button';
      b.addEventListener('click', async () => {
        try {
          await navigator.clipboard.writeText(pre.textContent);
        } catch {
          const range = document.createRange();
          range.selectNodeContents(pre);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.execCommand('copy');
        }
        b.textContent = '已复制';
        setTimeout(() => { b.textContent = '复制'; }, 2000);
      });
      pre.after(b);
    }
  }
  const down = () => window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });

  // --- sending ---
  function put(form, words) {
    form.set('token', token);
    form.set('id', id());
    const li = make('li', 'line mine sending');
    li.dataset.said = words;
    li.append(make('p', 'said', words), make('time', '', '发送中'));
    lines.append(li);
    buttons([]);
    down();
    queue.push({ form, li });
    send();
  }
  async function send() {
    if (sending || queue.length === 0) return;
    sending = true;
    const { form, li } = queue[0];
    form.set('after', newest);
    try {
      const multipart = form.get('picture') instanceof File;
      const answer = await fetch('/say', {
        method: 'POST', headers: { Accept: 'application/json' },
        body: multipart ? form : new URLSearchParams(form),
      });
      const body = await answer.json();
      if (body.gone) return gone(body);
      for (const line of body.lines) show(line);
      if (answer.ok) {
        queue.shift();
        li.remove();
        wait = 1000;
        say('');
        journey();
        connect();
      } else if (answer.status === 503 || answer.status === 429) {
        say(body.error || '');
        again(Math.max(wait, (body.retry || 2) * 1000));
      } else {
        queue.shift();
        li.classList.remove('sending');
        li.querySelector('time').textContent = '没有发出';
        say(body.error || '');
        if (answer.status === 403) setTimeout(() => location.reload(), 1500);
      }
    } catch {
      say('网络断开，恢复后自动发送');
      again(wait);
    } finally {
      sending = false;
    }
    if (queue.length && !timer) send();
  }
  let timer = 0;
  function again(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; send(); }, ms);
    wait = Math.min(wait * 2, 15000);
  }
  function gone(body) {
    lines.replaceChildren();
    newest = 0;
    queue.length = 0;
    if (stream) { stream.close(); stream = null; }
    for (const line of body.lines) show({ ...line, n: 0 });
    $('journey').replaceChildren();
    say('数据已删除');
    sending = false;
  }

  // --- what the bot says on its own ---
  function connect() {
    if (stream || newest === 0) return;
    stream = new EventSource('/events?after=' + newest);
    stream.onopen = () => { if (!queue.length) say(''); };
    stream.onmessage = (e) => { show(JSON.parse(e.data)); journey(); };
    stream.onerror = () => {
      if (!queue.length) say(navigator.onLine ? '正在重新连接' : '网络断开，恢复后自动发送');
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(connect, 3000);
      }
    };
  }
  async function journey() {
    try {
      const r = await fetch('/journey');
      if (r.status === 200) $('journey').innerHTML = await r.text(); // our own template, escaped there
    } catch { /* it comes with the next line */ }
  }

  // --- leaving quickly ---
  function leave(e) {
    if (e) e.preventDefault();
    document.documentElement.replaceChildren();
    location.replace('/away');
  }
  $('leave').addEventListener('click', leave);
  let escapes = [];
  addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    escapes = [...escapes.filter((t) => e.timeStamp - t < 2000), e.timeStamp];
    if (escapes.length >= 3) leave();
  });

  // --- composing ---
  function grow() {
    text.style.height = 'auto';
    text.style.height = Math.min(text.scrollHeight + 2, innerHeight * 0.4) + 'px';
  }
  text.addEventListener('input', grow);
  const sends = (e) => e.key === 'Enter' && !e.shiftKey && !e.isComposing;
  text.addEventListener('keydown', (e) => {
    if (!sends(e)) return;
    e.preventDefault();
    composer.requestSubmit();
  });
  text.addEventListener('keypress', (e) => { if (sends(e)) e.preventDefault(); });
  composer.addEventListener('submit', (e) => {
    e.preventDefault();
    const words = text.value.trim();
    const file = $('picture') && $('picture').files[0];
    if (file) picture(file);
    if (!words) return;
    const form = new FormData();
    form.set('text', words);
    text.value = '';
    grow();
    put(form, words);
    text.focus();
  });
  choices.addEventListener('submit', (e) => {
    e.preventDefault();
    const b = e.submitter;
    if (!b) return;
    const form = new FormData();
    form.set('press', b.value);
    form.set('label', b.textContent);
    put(form, b.textContent);
    text.focus({ preventScroll: true });
  });
  function picture(file) {
    if ($('picture')) $('picture').value = '';
    if (file.size > 8 << 20) { say('图片太大了，请截取要看的那一部分'); return; }
    const form = new FormData();
    form.set('picture', file);
    put(form, '［图片］');
  }
  if ($('picture')) {
    $('picture').addEventListener('change', () => { if ($('picture').files[0]) picture($('picture').files[0]); });
    addEventListener('paste', (e) => {
      const file = [...(e.clipboardData ? e.clipboardData.files : [])].find((f) => f.type.startsWith('image/'));
      if (file) { e.preventDefault(); picture(file); }
    });
    addEventListener('dragover', (e) => e.preventDefault());
    addEventListener('drop', (e) => {
      e.preventDefault();
      const file = [...e.dataTransfer.files].find((f) => f.type.startsWith('image/'));
      if (file) picture(file);
    });
  }
  addEventListener('online', () => { say(''); send(); connect(); });
  addEventListener('offline', () => say('网络断开，恢复后自动发送'));
  addEventListener('pageshow', (e) => { if (e.persisted) location.reload(); });

  for (const li of lines.children) copyable(li);
  connect();
  if (newest) down();
})();
