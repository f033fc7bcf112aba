/* 栋梁 · forms: no double submit, a warning before leaving, drafts saved on the server, unsent words kept on this machine,
   pictures scaled down before they travel. Opt in by attributes:
   data-once · data-guard · data-rescue="key" · data-autosave-url="…" · data-count="200" on a textarea · data-images on a file input */
(function () {
  'use strict';
  const EVERY = 10000, WIDEST = 1600, PREFIX = 'dongliang-rescue:';
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const clock = () => new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });

  function say(form, text) {
    const note = form.querySelector('[data-draft-note]');
    if (note) note.textContent = text;
  }

  /* ---- what was typed, as name → values; never passwords or files ---- */
  function typed(form) {
    const values = {};
    all('input, textarea, select', form).forEach((el) => {
      if (!el.name || el.type === 'password' || el.type === 'file' || el.type === 'hidden') return;
      if ((el.type === 'checkbox' || el.type === 'radio') && !el.checked) return;
      (values[el.name] = values[el.name] || []).push(el.value);
    });
    return values;
  }
  function fill(form, values) {
    all('input, textarea, select', form).forEach((el) => {
      if (!el.name || el.type === 'password' || el.type === 'file' || el.type === 'hidden') return;
      const kept = values[el.name] || [];
      if (el.type === 'checkbox' || el.type === 'radio') el.checked = kept.includes(el.value);
      else if (kept.length) el.value = kept.shift();
    });
    form.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /* ---- rescue: survives a lost session or a dead network ---- */
  function store(form) {
    try { localStorage.setItem(PREFIX + form.dataset.rescue, JSON.stringify({ at: Date.now(), values: typed(form) })); } catch (full) { /* private mode */ }
  }
  function forget(form) {
    try { localStorage.removeItem(PREFIX + form.dataset.rescue); } catch (denied) { /* private mode */ }
  }
  function offer(form) {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(PREFIX + form.dataset.rescue)); } catch (broken) { return; }
    if (!kept || Date.now() - kept.at > 7 * 86400000 || JSON.stringify(kept.values) === JSON.stringify(typed(form))) return;
    const box = document.createElement('div');
    box.className = 'notice notice--info';
    box.textContent = '这台电脑上留有您 ' + new Date(kept.at).toLocaleString('zh-CN') + ' 没有提交的内容。';
    const take = document.createElement('button');
    take.type = 'button'; take.className = 'btn btn-s'; take.textContent = '恢复';
    take.addEventListener('click', () => { fill(form, kept.values); box.remove(); });
    const drop = document.createElement('button');
    drop.type = 'button'; drop.className = 'btn btn-s btn-plain'; drop.textContent = '丢弃';
    drop.addEventListener('click', () => { forget(form); box.remove(); });
    box.append(take, drop);
    const place = form.querySelector('.sheet__body') || form;
    place.prepend(box);
  }

  /* ---- drafts on the server ---- */
  async function autosave(form) {
    if (!form.dataset.unsaved || !form.isConnected) return;
    delete form.dataset.unsaved;
    const body = new FormData(form);
    all('input[type=file]', form).forEach((el) => body.delete(el.name));
    try {
      const answer = await fetch(form.dataset.autosaveUrl, { method: 'POST', body: body, headers: { 'X-Requested-With': 'XMLHttpRequest' } });
      if (!answer.ok) throw new Error(answer.status);
      say(form, '草稿已存 ' + clock());
    } catch (lost) {
      form.dataset.unsaved = '1';
      say(form, form.dataset.rescue ? '草稿未能上传，已留在这台电脑上' : '草稿未能保存，请检查网络');
    }
  }

  /* ---- pictures ---- */
  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
    const picture = await createImageBitmap(file);
    const factor = WIDEST / Math.max(picture.width, picture.height);
    if (factor >= 1) return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * factor); canvas.height = Math.round(picture.height * factor);
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' }) : file;
  }
  async function picked(input) {
    const files = [];
    for (const file of input.files) files.push('images' in input.dataset ? await smaller(file).catch(() => file) : file);
    if ('images' in input.dataset && window.DataTransfer) {
      const bag = new DataTransfer();
      files.forEach((file) => bag.items.add(file));
      input.files = bag.files;
    }
    const list = input.closest('.field, .dropzone').querySelector('.picked');
    if (!list) return;
    list.replaceChildren(...files.map((file) => {
      const line = document.createElement('li');
      if (file.type.startsWith('image/')) { const img = new Image(); img.src = URL.createObjectURL(file); img.alt = ''; line.append(img); }
      line.append(file.name + '（' + (file.size < 1048576 ? Math.ceil(file.size / 1024) + ' KB' : (file.size / 1048576).toFixed(1) + ' MB') + '）');
      return line;
    }));
  }
  ['dragover', 'dragleave', 'drop'].forEach((kind) => document.addEventListener(kind, (event) => {
    const zone = event.target.closest && event.target.closest('.dropzone');
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle('is-over', kind === 'dragover');
    if (kind === 'drop') { const input = zone.querySelector('input[type=file]'); input.files = event.dataTransfer.files; picked(input); }
  }));

  /* ---- wiring ---- */
  function changed(event) {
    const form = event.target.form || (event.target.matches && event.target.matches('form') && event.target);
    if (!form) return;
    form.dataset.dirty = '1'; form.dataset.unsaved = '1';
    if (form.dataset.rescue) store(form);
    if (event.target.dataset && event.target.dataset.count) {
      const help = document.getElementById(event.target.id + '_count');
      if (help) help.textContent = event.target.value.length + '/' + event.target.dataset.count + ' 字';
    }
  }
  document.addEventListener('input', changed);
  document.addEventListener('change', (event) => {
    if (event.target.matches && event.target.matches('input[type=file]')) picked(event.target);
    changed(event);
  });
  document.addEventListener('focusout', (event) => { const form = event.target.form; if (form && form.dataset.autosaveUrl) autosave(form); });
  setInterval(() => all('form[data-autosave-url]').forEach(autosave), EVERY);

  document.addEventListener('click', (event) => { // a row number opens what the row may be
    const row = event.target.closest('.xl th label');
    if (row && row.control && row.control.showPicker) { event.preventDefault(); row.control.focus(); row.control.showPicker(); }
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if ('once' in form.dataset) {
      form.dataset.sent = '1';
      setTimeout(() => all('button:not([type=button])', form).forEach((el) => { el.disabled = true; }));
    }
    if (form.dataset.rescue) try { localStorage.setItem(PREFIX + '?sent', form.dataset.rescue); } catch (denied) { /* private mode */ }
    delete form.dataset.dirty; delete form.dataset.unsaved;
  }, true);
  function release(form) {
    delete form.dataset.sent;
    all('button:disabled', form).forEach((el) => { el.disabled = false; });
  }
  addEventListener('pageshow', (event) => { if (event.persisted) all('form[data-sent]').forEach(release); });
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.detail.elt.closest && event.detail.elt.closest('form');
    if (!form) return;
    release(form);
    if (event.detail.successful && event.detail.requestConfig.verb !== 'get') forget(form);
    else if (!event.detail.successful) form.dataset.dirty = '1';
  });
  addEventListener('beforeunload', (event) => { if (document.querySelector('form[data-guard][data-dirty]')) event.preventDefault(); });
  /* a page with a success toast after a submit: the kept copy is no longer needed */
  function settle() {
    try {
      const sent = localStorage.getItem(PREFIX + '?sent');
      if (sent && document.querySelector('#toasts .toast-note')) localStorage.removeItem(PREFIX + sent);
      localStorage.removeItem(PREFIX + '?sent');
    } catch (denied) { /* private mode */ }
  }
  function start(root) {
    all('form[data-rescue]', root).forEach((form) => { if (!form.dataset.offered) { form.dataset.offered = '1'; offer(form); } });
  }
  document.addEventListener('htmx:afterSettle', (event) => start(event.detail.target));
  settle();
  start(document);
})();
