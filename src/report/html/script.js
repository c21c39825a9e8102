'use strict';
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const findings = all('.finding').map((element) => ({
    element,
    verdict: element.dataset.verdict,
    surfaces: element.dataset.surfaces.split(' '),
    contracts: element.dataset.contracts.split(' '),
    text: element.textContent.toLowerCase(),
  }));
  const search = document.getElementById('search');
  const contract = document.getElementById('contract');
  const status = document.getElementById('status');
  const empty = document.getElementById('empty');
  const reset = document.getElementById('reset');
  const chosen = { verdict: '', surface: '' };
  let shown = findings;
  let current = -1;

  // The theme: what the reader chose here, else what the system says.
  const store = {
    get() { try { return localStorage.getItem('unbroken-theme'); } catch { return null; } },
    set(value) { try { localStorage.setItem('unbroken-theme', value); } catch { /* a file without storage */ } },
  };
  const dark = () => (root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches);
  const known = store.get();
  if (known === 'dark' || known === 'light') root.dataset.theme = known;
  document.getElementById('theme').addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    store.set(root.dataset.theme);
  });

  // The filters live in the address, so that a view can be sent to somebody.
  const remember = () => {
    const words = new URLSearchParams();
    if (search.value.trim()) words.set('q', search.value.trim());
    if (chosen.verdict) words.set('verdict', chosen.verdict);
    if (chosen.surface) words.set('surface', chosen.surface);
    if (contract && contract.value) words.set('contract', contract.value);
    const query = words.toString();
    try {
      history.replaceState(null, '', `${location.pathname}${query ? `?${query}` : ''}${location.hash}`);
    } catch { /* a page without an address of its own */ }
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = contract ? contract.value : '';
    shown = findings.filter((finding) => {
      const fits = (!chosen.verdict || finding.verdict === chosen.verdict)
        && (!chosen.surface || finding.surfaces.includes(chosen.surface))
        && (!only || finding.contracts.includes(only))
        && words.every((word) => finding.text.includes(word));
      finding.element.hidden = !fits;
      return fits;
    });
    const isFiltered = shown.length !== findings.length;
    status.textContent = isFiltered
      ? `${shown.length} of ${findings.length} findings`
      : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
    empty.hidden = shown.length > 0 || findings.length === 0;
    reset.hidden = !(words.length || only || chosen.verdict || chosen.surface);
    select(-1);
    remember();
  };

  // The height of what is out of sight is a guess until it is drawn, so a place is only reached when it
  // has kept still for some frames. Whoever scrolls meanwhile has the say.
  let pursuit = 0;
  const STILL = 5;
  const reveal = (element, block) => {
    pursuit += 1;
    const mine = pursuit;
    let [last, still] = [NaN, 0];
    const step = () => {
      if (mine !== pursuit) return;
      element.scrollIntoView({ block, behavior: 'instant' });
      const { top } = element.getBoundingClientRect();
      still = Math.abs(top - last) < 1 ? still + 1 : 0;
      last = top;
      if (still < STILL) requestAnimationFrame(step);
    };
    step();
  };
  for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    addEventListener(kind, () => { pursuit += 1; }, { capture: true, passive: true });
  }

  const select = (index) => {
    if (findings.length) all('.finding.current').forEach((one) => one.classList.remove('current'));
    current = index;
    const finding = shown[index];
    if (!finding) return;
    finding.element.classList.add('current');
    finding.element.querySelector('summary').focus({ preventScroll: true });
    reveal(finding.element, 'nearest');
  };

  const press = (kind, value) => {
    chosen[kind] = value;
    for (const button of all(`[data-${kind}-filter]`)) {
      button.setAttribute('aria-pressed', String(button.dataset[`${kind}Filter`] === value));
    }
    apply();
  };
  for (const kind of ['verdict', 'surface']) {
    for (const button of all(`[data-${kind}-filter]`)) {
      button.addEventListener('click', () => press(kind, button.dataset[`${kind}Filter`]));
    }
  }
  search.addEventListener('input', apply);
  if (contract) contract.addEventListener('change', apply);

  const clear = () => {
    search.value = '';
    if (contract) contract.value = '';
    chosen.surface = '';
    press('surface', '');
    press('verdict', '');
  };
  reset.addEventListener('click', clear);

  const unfold = document.getElementById('unfold');
  unfold.addEventListener('click', () => {
    const open = unfold.getAttribute('aria-pressed') !== 'true';
    for (const { element } of shown) element.open = open;
    unfold.setAttribute('aria-pressed', String(open));
    unfold.textContent = open ? 'Fold all' : 'Unfold all';
  });

  const keys = {
    j: () => select(Math.min(current + 1, shown.length - 1)),
    k: () => select(Math.max(current - 1, 0)),
    o: () => { if (shown[current]) shown[current].element.open = !shown[current].element.open; },
    '/': () => { search.focus(); search.select(); },
    b: () => press('verdict', chosen.verdict === 'breaking' ? '' : 'breaking'),
    u: () => press('verdict', chosen.verdict === 'undecided' ? '' : 'undecided'),
    c: () => press('verdict', chosen.verdict === 'compatible' ? '' : 'compatible'),
    a: () => press('verdict', ''),
    t: () => document.getElementById('theme').click(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (document.activeElement === search && !search.value) search.blur();
      else clear();
      return;
    }
    if (event.target.matches('input, select, textarea')) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // A link to a finding opens it, whatever is filtered.
  const arrive = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target || !target.classList.contains('finding')) return;
    if (target.hidden) clear();
    target.open = true;
    reveal(target, 'start');
  };
  addEventListener('hashchange', arrive);
  // Once all is there, the browser goes to the place of the address by itself, by the guesses of then.
  addEventListener('load', arrive);

  const folded = [];
  addEventListener('beforeprint', () => {
    for (const { element } of shown) if (!element.open) { folded.push(element); element.open = true; }
  });
  addEventListener('afterprint', () => {
    for (const element of folded.splice(0)) element.open = false;
  });

  const asked = new URLSearchParams(location.search);
  search.value = asked.get('q') || '';
  if (contract) contract.value = asked.get('contract') || '';
  const is = (value, allowed) => (allowed.includes(value) ? value : '');
  chosen.surface = is(asked.get('surface'), ['wire', 'json', 'source']);
  press('surface', chosen.surface);
  press('verdict', is(asked.get('verdict'), ['breaking', 'undecided', 'compatible']));
  root.classList.add('ready');
  arrive();
})();
