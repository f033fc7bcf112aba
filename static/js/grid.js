/* 栋梁 · the month's grid: a form that moves like a spreadsheet. Opt in with data-grid; cells carry data-cell.
   Arrows, Enter and Shift+Enter move, Esc puts back what stood there, a block copied from a spreadsheet fills the cells
   from the one it is pasted into. Saving drafts and guarding the page is forms.js. */
(function () {
  'use strict';
  const grid = document.querySelector('[data-grid]');
  if (!grid) return;
  const lines = Array.from(grid.querySelectorAll('tbody tr'));
  const cellsOf = (line) => Array.from(line.querySelectorAll('[data-cell]'));
  const original = new Map();

  function place(cell) {
    const row = lines.indexOf(cell.closest('tr'));
    return row < 0 ? null : { row: row, column: cellsOf(lines[row]).indexOf(cell) };
  }
  function go(row, column) {
    const cell = lines[row] && cellsOf(lines[row])[column];
    if (!cell) return false;
    cell.focus();
    if (cell.select) cell.select();
    return true;
  }
  const writable = (cell) => !cell.readOnly && !cell.disabled;
  const folded = (cell) => !cell.offsetParent;
  function beside(row, column, step) {
    const cells = cellsOf(lines[row]);
    let next = column + step;
    while (cells[next] && folded(cells[next])) next += step;
    return go(row, next);
  }
  function unfold(cell) {
    [grid.querySelector('[data-parts]'), cell.closest('tr').querySelector('[data-more]')].forEach((box) => { box.checked = true; });
  }
  ['input', 'change'].forEach((kind) => grid.addEventListener(kind, (event) => { if (!event.target.name) event.stopPropagation(); })); // folding is not typing

  /* ---- moving ---- */
  grid.addEventListener('keydown', (event) => {
    const cell = event.target;
    if (!cell.matches('[data-cell]') || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = place(cell), isSelect = cell.tagName === 'SELECT';
    const start = isSelect || (cell.selectionStart === 0 && (cell.selectionEnd === 0 || cell.selectionEnd === cell.value.length));
    const end = isSelect || cell.selectionEnd === cell.value.length;
    let moved = false;
    if (event.key === 'Enter') moved = go(at.row + (event.shiftKey ? -1 : 1), at.column) || true;
    else if (event.key === 'ArrowDown' && !isSelect) moved = go(at.row + 1, at.column);
    else if (event.key === 'ArrowUp' && !isSelect) moved = go(at.row - 1, at.column);
    else if (event.key === 'ArrowRight' && end && !event.shiftKey) moved = beside(at.row, at.column, 1);
    else if (event.key === 'ArrowLeft' && start && !event.shiftKey) moved = beside(at.row, at.column, -1);
    else if (event.key === 'Escape' && original.has(cell)) { set(cell, original.get(cell)); moved = true; }
    if (moved) event.preventDefault();
  });
  grid.addEventListener('focusin', (event) => {
    const cell = event.target;
    if (!cell.matches('[data-cell]')) return;
    if (!original.has(cell)) original.set(cell, cell.value);
    if (cell.select) cell.select();
  });

  /* ---- pasting a block ---- */
  function set(cell, value) {
    if (!writable(cell) || cell.value === value) return;
    if (cell.tagName === 'SELECT') {
      const option = Array.from(cell.options).find((one) => one.value === value || one.text === value);
      if (!option) return;
      value = option.value;
    }
    cell.value = value;
    cell.dispatchEvent(new Event('input', { bubbles: true }));
  }
  grid.addEventListener('paste', (event) => {
    const cell = event.target;
    if (!cell.matches('[data-cell]')) return;
    const text = (event.clipboardData.getData('text/plain') || '').replace(/\r/g, '').replace(/\n$/, '');
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const at = place(cell);
    let lost = 0;
    text.split('\n').forEach((line, down) => line.split('\t').forEach((value, across) => {
      const target = lines[at.row + down] && cellsOf(lines[at.row + down])[at.column + across];
      if (!target || !writable(target)) { lost += value.trim() ? 1 : 0; return; }
      if (!original.has(target)) original.set(target, target.value);
      if (value.trim() && folded(target)) unfold(target);
      set(target, value.trim());
    }));
    grid.querySelector('[data-lost]').textContent = lost ? '有 ' + lost + ' 格没有粘贴：已锁定，或超出表格' : '';
  });

  /* ---- sums: what the server will say again ---- */
  function number(text) {
    const plain = String(text).replace(/[,，\s]/g, '');
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
  }
  const show = (value) => value.toLocaleString('zh-CN', { maximumFractionDigits: 4 });
  function add() {
    const totals = {};
    lines.forEach((line) => {
      line.querySelectorAll('[data-sum]').forEach((cell) => {
        const value = number(cell.value);
        if (value !== null) totals[cell.dataset.sum] = (totals[cell.dataset.sum] || 0) + value;
      });
      const done = line.querySelector('[data-sum=done]'), ytd = line.querySelector('[data-ytd]');
      const total = Number(line.dataset.before) + (number(done.value) || 0), target = Number(line.dataset.target || 0);
      ytd.textContent = show(total) + (target ? '（' + (total / target * 100).toFixed(1) + '%）' : '');
    });
    grid.querySelectorAll('[data-total]').forEach((cell) => { cell.textContent = show(totals[cell.dataset.total] || 0); });
  }
  grid.addEventListener('input', add);
  add();
  const first = grid.querySelector('[aria-invalid=true]') || Array.from(grid.querySelectorAll('[data-sum=done]')).find((cell) => writable(cell) && !cell.value);
  if (first && window.matchMedia('(min-width: 700px)').matches) first.focus({ preventScroll: true });
})();
