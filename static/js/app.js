/* 栋梁 · the shell: menu, sheet, htmx answers, keys, toasts, choices kept in cookies. Pages work without it. */
(function () {
  'use strict';
  const $ = (selector, root) => (root || document).querySelector(selector);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  /* ---- menu on tablet and phone ---- */
  function menu(open) {
    const side = $('#side');
    if (!side) return;
    side.classList.toggle('is-open', open);
    if (open) $('a', side).focus();
  }

  /* ---- sheet: the fragment in #sheet; focus goes in, stays in, and returns ---- */
  let opener = null;
  const sheet = () => $('#sheet .sheet');
  function closeSheet() {
    const form = $('#sheet form');
    if (form && form.dataset.dirty && !confirm('有没有保存的内容，确定关闭吗？')) return;
    $('#sheet').replaceChildren();
    document.body.classList.remove('has-sheet');
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  }
  function openedSheet() {
    if (!sheet()) return;
    document.body.classList.add('has-sheet');
    const first = $('[aria-invalid="true"]', sheet()) || $('[autofocus], input:not([type=hidden]), select, textarea, button, a[href]', $('.sheet__body', sheet()) || sheet());
    if (first) first.focus();
  }
  function keepFocus(event) {
    const places = all('a[href], button, input:not([type=hidden]), select, textarea, [tabindex="0"]', sheet()).filter((el) => !el.disabled && el.offsetParent);
    if (!places.length) return;
    const last = places[places.length - 1];
    if (event.shiftKey && document.activeElement === places[0]) { event.preventDefault(); last.focus(); }
    else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); places[0].focus(); }
  }

  /* ---- toasts: success only; errors stay on the page ---- */
  function toast(text) {
    const note = document.createElement('div');
    note.className = 'toast-note';
    note.textContent = text;
    $('#toasts').append(note);
    setTimeout(() => note.remove(), 6000);
  }
  function toasts(root) {
    all('template[data-toast]', root).forEach((el) => { toast(el.innerHTML.trim()); el.remove(); });
  }
  const place = () => $('#sheet .refusal') || $('#notices'); /* where a refusal is read: in the open sheet, else at the top */
  function notice(text) {
    const box = document.createElement('div');
    box.className = 'notice notice--bad';
    box.setAttribute('role', 'alert');
    box.textContent = text;
    place().replaceChildren(box);
    box.scrollIntoView({ block: 'nearest' });
  }

  /* ---- clicks ---- */
  function remember(name, value) {
    const age = value ? 31536000 : 0;
    document.cookie = name + '=' + value + '; path=/; SameSite=Lax; max-age=' + age;
    location.reload();
  }
  document.addEventListener('click', (event) => {
    const target = event.target.closest('[data-menu], [data-sheet], [data-cookie], [data-print], [data-toggle-password], [data-check-all]');
    all('details.drop[open]').forEach((drop) => { if (!drop.contains(event.target)) drop.open = false; });
    if (!target) {
      const row = event.target.closest('tr[data-href]');
      if (row && !event.target.closest('a, button, input, label, select, summary') && !String(getSelection())) location.href = row.dataset.href;
      return;
    }
    if (target.dataset.menu) { event.preventDefault(); menu(target.dataset.menu === 'open'); }
    else if (target.dataset.sheet && sheet()) { event.preventDefault(); closeSheet(); }
    else if (target.dataset.cookie) remember(target.dataset.cookie, target.dataset.value);
    else if ('print' in target.dataset) { event.preventDefault(); print(); }
    else if ('togglePassword' in target.dataset) {
      const field = document.getElementById(target.dataset.togglePassword);
      field.type = field.type === 'password' ? 'text' : 'password';
      target.setAttribute('aria-pressed', String(field.type === 'text'));
    }
  });

  /* ---- selecting rows shows the bar of bulk actions ---- */
  document.addEventListener('change', (event) => {
    const box = event.target;
    if (!box.matches || !box.matches('[data-check-all], [data-check]')) return;
    const list = box.closest('#list, table, form') || document;
    if (box.matches('[data-check-all]')) all('[data-check]', list).forEach((one) => { one.checked = box.checked; });
    const n = all('[data-check]:checked', list).length;
    const bulk = $('[data-bulk]', list) || $('[data-bulk]');
    if (bulk) { bulk.hidden = n === 0; const count = $('[data-count]', bulk); if (count) count.textContent = n; }
  });

  /* ---- keys ---- */
  document.addEventListener('keydown', (event) => {
    const typing = event.target.matches('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && $('#search')) { event.preventDefault(); $('#search').focus(); }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); }
    if (event.key === 'Escape') {
      const drop = $('details.drop[open]');
      if (drop) { drop.open = false; $('summary', drop).focus(); }
      else if (sheet()) closeSheet();
      else menu(false);
    }
    if (event.key === 'Tab' && sheet()) keepFocus(event);
  });

  /* ---- htmx ---- */
  let openDrops = [];
  document.addEventListener('htmx:beforeRequest', (event) => {
    if (event.detail.target && event.detail.target.id === 'sheet' && !sheet()) opener = document.activeElement;
  });
  document.addEventListener('htmx:beforeSwap', (event) => {
    const detail = event.detail, status = detail.xhr.status;
    if (detail.serverResponse.includes('data-refused')) { /* a refusal: said at the top, nothing else changes */
      detail.shouldSwap = true; detail.isError = false;
      detail.target = place(); detail.swapOverride = 'innerHTML';
    } else if (status === 409) { detail.shouldSwap = true; detail.isError = false; }
    openDrops = all('details[open][id]').map((drop) => drop.id);
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    openDrops.forEach((id) => { const drop = document.getElementById(id); if (drop) drop.open = true; });
    if (event.detail.target.id === 'sheet') openedSheet();
    if (event.detail.target === place() && place().firstChild) place().scrollIntoView({ block: 'nearest' });
    toasts(document);
  });
  document.addEventListener('htmx:responseError', (event) => {
    const status = event.detail.xhr.status;
    notice(status === 403 ? '没有权限，或页面已过期，请刷新后重试。' : status === 404 ? '内容不存在，或您看不到它。' : '服务器没有完成这次请求（' + status + '），内容没有改变，请稍后重试。');
  });
  document.addEventListener('htmx:sendError', () => notice('网络不通，内容没有提交。请检查网络后重试。'));
  document.addEventListener('htmx:timeout', () => notice('服务器没有及时回应，请稍后重试。'));

  const refused = $('#main .errors, #main [data-conflict]'); /* a page that was refused is read from why */
  if (refused) { refused.tabIndex = -1; refused.focus(); }
  toasts(document);
  window.dongliang = { toast: toast, notice: notice };
})();
