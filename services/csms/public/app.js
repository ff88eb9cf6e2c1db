import { clockFormat, element, pileTile, showKwh, showMoney, showTime, table } from './elements.js';

/** Newest entries kept on the page; the server has the rest. */
const LOG_ENTRIES_MAX = 200;
const BILLS_SHOWN = 15;
const PILES_SHOWN = 200;
const REFRESH_MS = 5_000;
const RECONCILE_MS = 60_000;
const RECONCILE_POLLS_MAX = 45;
const RECONNECT_MS_MAX = 15_000;
const LOG_TAIL = 100;
const SESSION_TOKEN = 'tallywatt-token';

const byId = (id) => document.getElementById(id);
const simulatedPiles = new Set();
const knownPiles = new Set();
let token = tokenFromFragment() ?? sessionStorage.getItem(SESSION_TOKEN);
let stream = null;
let lastEventId = null;
let lastNewsAt = null;
let lineState = 'Not connected';

/** `#token=…` is taken once and leaves the address bar, so that it ends in no history and no link. */
function tokenFromFragment() {
  const match = /^#token=([A-Za-z0-9_-]{43})$/.exec(location.hash);
  if (match === null) return null;
  history.replaceState(null, '', location.pathname);
  sessionStorage.setItem(SESSION_TOKEN, match[1]);
  return match[1];
}

class Refusal extends Error {
  constructor(status, problem) {
    super(problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? 'unknown';
    this.requestId = problem.requestId ?? '';
  }
}

async function api(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', ...options.headers },
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, body);
  return body;
}

/** Faults stay until closed. */
function report(what, fault) {
  if (fault instanceof Refusal && fault.status === 401) return signOut('This token is not valid (any more).');
  const list = byId('fault-list');
  const key = `${what}:${fault.code ?? fault.name}`;
  if ([...list.children].some((item) => item.dataset.key === key)) return undefined;
  const item = element('li', '', `${what}: ${fault.message} `);
  item.dataset.key = key;
  if (fault.code) item.append(element('code', '', `${fault.code} ${fault.requestId}`));
  const close = element('button', '', 'Close');
  close.addEventListener('click', () => {
    item.remove();
    byId('faults').hidden = list.childElementCount === 0;
  });
  item.append(' ', close);
  list.append(item);
  byId('faults').hidden = false;
  return undefined;
}

function setLine(text) {
  lineState = text;
  byId('line').textContent = text;
}

function tickClock() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  byId('clock').textContent = `${clockFormat.format(new Date())} ${zone}`;
  if (lineState === 'Live' || lastNewsAt === null) return;
  byId('line').textContent = `${lineState}, last update ${Math.round((Date.now() - lastNewsAt) / 1000)} s ago`;
}

/* Charge points */

async function refreshPiles() {
  const page = await api(`/v1/charge-points?limit=${PILES_SHOWN}&count=true`);
  for (const pile of page.data) learn(pile.id, pile.simulated);
  const connected = page.data.filter((pile) => pile.connected).length;
  byId('pile-count').textContent =
    `${connected} of ${page.data.length} shown connected, ${page.total ?? page.data.length} in all`;
  // Those that are there first: a long list of offline piles would hide the life.
  const sorted = page.data.toSorted((a, b) => Number(b.connected) - Number(a.connected) || a.id.localeCompare(b.id));
  const tiles = sorted.map(pileTile);
  if (tiles.length === 0) {
    tiles.push(element('p', '', 'No charge points yet: register one with POST /v1/charge-points and connect it.'));
  }
  byId('piles').replaceChildren(...tiles);
}

/* Bills */

function learn(chargePointId, simulated) {
  knownPiles.add(chargePointId);
  if (simulated) simulatedPiles.add(chargePointId);
}

/** Sessions say what is simulated to those too who see no list of piles. */
async function learnPiles() {
  const { data } = await api('/v1/sessions?limit=200');
  for (const session of data) learn(session.chargePointId, session.simulated);
}

async function refreshBills() {
  const { data } = await api(`/v1/bills?limit=${BILLS_SHOWN}`);
  if (data.some((bill) => !knownPiles.has(bill.chargePointId))) await learnPiles();
  if (data.length === 0) {
    byId('bills').replaceChildren(
      element('p', '', 'No bills yet: the first one comes seconds after a session has ended.'),
    );
    return;
  }
  const headers = [
    ['final', false],
    ['total', true],
    ['energy', true],
    ['pile', false],
    ['driver', false],
    ['block', true],
  ];
  const rows = data.map((bill) => {
    const pile = element('span', '', bill.chargePointId ?? bill.stationId);
    if (simulatedPiles.has(bill.chargePointId)) pile.append(' ', element('span', 'badge', 'Simulated'));
    if (bill.kind === 'creditNote') pile.append(' ', element('span', 'badge', 'credit note'));
    return [showTime(bill.finalAt), showMoney(bill.total), showKwh(bill.energyWh), pile, bill.evId, bill.blockNumber];
  });
  byId('bills').replaceChildren(table(headers, rows));
}

/* Ledger */

async function refreshLedger() {
  const ledger = await api('/v1/ledger');
  const badge = byId('ledger');
  badge.textContent = `${ledger.notice ?? `ledger: ${ledger.mode}`}, block ${ledger.height - 1}`;
  badge.hidden = false;
  badge.title =
    ledger.supply?.conserved === false ? 'The sums of the ledger do not agree!' : 'The sums of the ledger agree.';
}

/* Reconciliation */

function periodOf(choice) {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const to = new Date(Date.now() + 86_400_000).toISOString();
  return { from: choice === 'today' ? midnight.toISOString() : '2015-01-01T00:00:00Z', to };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function reconcile() {
  const button = byId('reconcile');
  button.disabled = true;
  try {
    let run = await api('/v1/reconciliations', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(periodOf(byId('period').value)),
    });
    for (let polls = 0; run.state === 'running' && polls < RECONCILE_POLLS_MAX; polls += 1) {
      if (polls === 0) byId('match').replaceChildren(element('p', 'state state-work', 'Comparing the three sources …'));
      await pause(1_000);
      run = await api(`/v1/reconciliations/${encodeURIComponent(run.id)}`);
    }
    if (run.state === 'running') {
      byId('match').replaceChildren(
        element('p', 'state state-warn', 'Still comparing; the result comes with a later run.'),
      );
    } else showReconciliation(run);
  } catch (fault) {
    if (fault.status !== 403) throw fault;
    byId('match').replaceChildren(element('p', '', 'Reconciling needs the token of finance or of supervision.'));
  } finally {
    button.disabled = false;
  }
}

function showReconciliation(run) {
  const headers = [
    ['source', false],
    ['count', true],
    ['energy', true],
    ['amount', true],
  ];
  const line = (label, sums) => [label, sums.count, showKwh(sums.energyWh), showMoney(sums.amount)];
  const totals = table(headers, [
    line('A charger evidence', run.evidence),
    line('B settlement jobs', run.jobs),
    line('C ledger bills', run.bills),
  ]);
  const verdict = run.breaks === 0 ? 'no breaks' : `${run.breaks} breaks`;
  const text = `${verdict}; ${run.matched} matched, ${run.inFlight} in flight, ${run.quarantined} in quarantine, as of block ${run.asOfBlock}`;
  const summary = element('p', `state state-${run.breaks === 0 ? 'good' : 'bad'}`, text);
  const byType = Object.entries(run.breaksByType ?? {}).map(([type, count]) => element('li', '', `${type}: ${count}`));
  const list = element('ul');
  list.append(...byType);
  byId('match').replaceChildren(summary, totals, list);
}

/* Live log */

function showEntry(entry) {
  const item = element('li');
  const time = element('time', '', clockFormat.format(new Date(entry.at)));
  time.dateTime = entry.at;
  item.append(time, element('span', 'kind', entry.kind));
  if (entry.chargePointId) item.append(element('strong', '', entry.chargePointId), ' ');
  if (simulatedPiles.has(entry.chargePointId)) item.append(element('span', 'badge', 'Simulated'), ' ');
  item.append(entry.text);
  const log = byId('log');
  log.prepend(item);
  while (log.childElementCount > LOG_ENTRIES_MAX) log.lastElementChild.remove();
}

/** One SSE block: lines `field: value`, comments start with a colon. */
function handleBlock(block) {
  lastNewsAt = Date.now();
  const fields = new Map();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
  }
  const data = fields.get('data');
  if (data === undefined) return;
  lastEventId = fields.get('id') ?? lastEventId;
  const entry = JSON.parse(data);
  showEntry(entry);
  if (entry.kind === 'frame' || entry.kind === 'connection') soon(refreshPiles);
  if (entry.kind === 'settlement') soon(refreshBills);
}

async function readStream(signal) {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' };
  if (lastEventId !== null) headers['Last-Event-ID'] = lastEventId;
  const response = await fetch(`/v1/events?tail=${LOG_TAIL}`, { headers, signal });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => ({})));
  setLine('Live');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    blocks.forEach(handleBlock);
  }
}

/** Reads until told to stop, and resumes where it was cut. */
async function follow() {
  stream?.abort();
  const mine = new AbortController();
  stream = mine;
  let waitMs = 500;
  while (!mine.signal.aborted) {
    const startedAt = Date.now();
    await readStream(mine.signal).catch((fault) => {
      if (fault instanceof Refusal && fault.status === 401) signOut('This token is not valid (any more).');
    });
    if (mine.signal.aborted) return;
    setLine('Reconnecting');
    if (Date.now() - startedAt > 5_000) waitMs = 500;
    await pause(waitMs);
    waitMs = Math.min(waitMs * 2, RECONNECT_MS_MAX);
  }
}

/* Everything together */

const waiting = new Set();
/** Refreshes once per second at most, however many events ask for it. */
function soon(refresh) {
  if (waiting.has(refresh)) return;
  waiting.add(refresh);
  setTimeout(() => {
    waiting.delete(refresh);
    void attempt(refresh);
  }, 1_000);
}

const forbidden = new Set();
async function attempt(refresh) {
  if (token === null || forbidden.has(refresh)) return;
  try {
    await refresh();
  } catch (fault) {
    // A driver's token shows no piles: that section is not for it.
    if (fault.status === 403) {
      forbidden.add(refresh);
      if (refresh === refreshPiles) byId('piles').closest('section').hidden = true;
    } else if (fault instanceof Refusal && fault.status !== 429) report(refresh.name, fault);
  }
}

async function showWho() {
  const me = await api('/v1/me');
  byId('who').textContent = `${me.name}, ${me.role} of ${me.organisation}`;
}

function signOut(reason) {
  sessionStorage.removeItem(SESSION_TOKEN);
  token = null;
  stream?.abort();
  byId('board').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  setLine(reason);
}

function start() {
  if (token === null) return signOut('Not connected');
  forbidden.clear();
  byId('sign-in').hidden = true;
  byId('board').hidden = false;
  byId('sign-out').hidden = false;
  setLine('Connecting');
  for (const refresh of [showWho, refreshLedger, refreshPiles, refreshBills, reconcile]) void attempt(refresh);
  void follow();
  return undefined;
}

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = byId('token').value.trim();
  byId('token').value = '';
  lastEventId = null;
  byId('log').replaceChildren();
  sessionStorage.setItem(SESSION_TOKEN, token);
  start();
});
byId('sign-out').addEventListener('click', () => signOut('Token forgotten'));
byId('reconcile').addEventListener('click', () => void attempt(reconcile));
window.addEventListener('hashchange', () => {
  const fresh = tokenFromFragment();
  if (fresh === null) return;
  token = fresh;
  start();
});
setInterval(tickClock, 1_000);
setInterval(() => {
  if (document.hidden) return;
  for (const refresh of [refreshPiles, refreshBills, refreshLedger]) void attempt(refresh);
}, REFRESH_MS);
setInterval(() => {
  if (!document.hidden) void attempt(reconcile);
}, RECONCILE_MS);
tickClock();
start();
