// Names offered in the box of a question. Only text nodes are made, and nothing is sent anywhere.
(() => {
if (window.rhmlNames) return;
window.rhmlNames = true;

const MOST = 30;
let box = null, list = null, told = null, read = '', names = [], shown = [], at = -1, start = 0;

for (const [kind, act] of [['focusin', met], ['input', typed], ['keydown', pressed], ['focusout', close], ['click', close]])
  document.addEventListener(kind, event => { if (mine(event.target)) act(event); }, true);
document.addEventListener('scroll', event => { if (event.target !== list) close(); }, true);

function mine(target) { return target instanceof Element && target.matches('.st-key-question textarea'); }

function met(event) {
  box = event.target;
  list = document.querySelector('.rhml-names');
  told = document.querySelector('.rhml-told');
  if (!list) return;
  if (list.dataset.names !== read) { read = list.dataset.names; names = JSON.parse(read); }
  const said = { 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': 'rhml-names',
                 spellcheck: 'false', autocapitalize: 'off' };
  for (const [key, value] of Object.entries(said)) box.setAttribute(key, value);
}

function typed(event) { if (list && event.inputType !== 'deleteContentBackward') offer(2); else close(); }

function offer(least) {
  const before = box.value.slice(0, box.selectionStart);
  const quoted = (before.split("'").length - 1) % 2 === 1;
  const word = before.match(quoted ? /[^']*$/ : /[\p{L}_][\p{L}\p{N}_]*$/u)?.[0] ?? '';
  start = box.selectionStart - word.length;
  if (box.selectionStart !== box.selectionEnd || word.length < (quoted ? 0 : least)) return close();
  const wanted = word.toLowerCase(), text = box.value.toLowerCase();
  shown = names.filter(n => (n.kind === 'value') === quoted)
    .map(n => [n, n.name.toLowerCase().indexOf(wanted)])
    .filter(([n, place]) => place >= 0 && n.name.toLowerCase() !== wanted)
    .map(([n, place]) => [n, (place > 0) * 4 + (n.kind === 'word') * 2 + !near(n, text)])
    .sort((a, b) => a[1] - b[1] || a[0].name.localeCompare(b[0].name))
    .slice(0, MOST).map(([n]) => n);
  if (!shown.length) return close();
  draw();
}

function near(n, text) { return n.near.some(word => text.includes(word)); }

function draw() {
  at = -1;
  list.replaceChildren(...shown.map((n, i) => {
    const row = document.createElement('li'), name = document.createElement('b'), about = document.createElement('span');
    row.id = `rhml-name-${i}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', 'false');
    name.textContent = n.name;
    about.textContent = n.about;
    row.append(name, about);
    row.addEventListener('mousedown', event => { event.preventDefault(); take(i); });
    return row;
  }));
  list.hidden = false;
  place();
  told.textContent = `${shown.length} names. Down to choose, Tab to take, Escape to close.`;
}

function place() {
  const copy = document.createElement('div'), style = getComputedStyle(box), mark = document.createElement('span');
  for (const key of ['fontFamily', 'fontSize', 'fontWeight', 'lineHeight', 'letterSpacing', 'padding', 'border',
                     'boxSizing', 'tabSize']) copy.style[key] = style[key];
  Object.assign(copy.style, { position: 'fixed', visibility: 'hidden', whiteSpace: 'pre-wrap', overflowWrap: 'break-word',
                              width: `${box.clientWidth}px`, top: '0', left: '0' });
  copy.textContent = box.value.slice(0, start);
  mark.textContent = '.';
  copy.append(mark);
  document.body.append(copy);
  const seen = box.getBoundingClientRect(), line = parseFloat(style.lineHeight) || 20;
  const top = seen.top + mark.offsetTop - box.scrollTop + line, left = seen.left + mark.offsetLeft;
  copy.remove();
  list.style.top = '0px'; list.style.left = '0px';
  const own = list.getBoundingClientRect();
  const above = top + own.height > innerHeight - 8 && top - line - own.height > 8;
  list.style.top = `${(above ? top - line - own.height - 4 : top + 2) - own.top}px`;
  list.style.left = `${Math.max(8, Math.min(left, innerWidth - own.width - 8)) - own.left}px`;
}

function choose(i) {
  at = (i + shown.length) % shown.length;
  [...list.children].forEach((row, j) => row.setAttribute('aria-selected', String(j === at)));
  list.children[at].scrollIntoView({ block: 'nearest' });
  box.setAttribute('aria-activedescendant', `rhml-name-${at}`);
}

function take(i) {
  const name = shown[i].insert;
  box.focus();
  box.setSelectionRange(start, box.selectionEnd);
  document.execCommand('insertText', false, name);
  close();
}

function close() {
  if (!list || list.hidden) return;
  list.hidden = true;
  list.replaceChildren();
  told.textContent = '';
  shown = []; at = -1;
  box?.removeAttribute('aria-activedescendant');
}

function pressed(event) {
  if (event.isComposing || !list) return;
  if (event.ctrlKey && event.code === 'Space') { event.preventDefault(); return offer(0); }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return close();  // which runs the question
  if (list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at < 0 ? -1 : at - 1), Escape: close,
                Tab: () => take(Math.max(at, 0)), Enter: at >= 0 ? () => take(at) : null }[event.key];
  if (event.shiftKey && event.key === 'Tab') return close();
  if (act) { event.preventDefault(); event.stopPropagation(); act(); }
  else if (['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Enter'].includes(event.key)) close();
}
})();
