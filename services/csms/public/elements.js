// How things look: text, amounts, times, tiles and tables. Nothing here asks the server.

/** The only way text reaches the page: charger strings are never markup. */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
}

export const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const instantFormat = new Intl.DateTimeFormat(undefined, {
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
export const showTime = (text) => (text === null ? '–' : instantFormat.format(new Date(text)));
/** Grouped from the decimal text itself: no amount ever becomes a float. */
export function showMoney(money) {
  if (money === null || money === undefined) return '–';
  const [whole, fraction] = money.amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return `${grouped}${fraction === undefined ? '' : `.${fraction}`} ${money.currency}`;
}
export const showKwh = (energyWh) => (energyWh === null ? '–' : `${(energyWh / 1000).toFixed(3)} kWh`);

const STATE_CLASS = {
  Available: 'good',
  Preparing: 'work',
  Charging: 'work',
  Finishing: 'work',
  SuspendedEV: 'warn',
  SuspendedEVSE: 'warn',
  Reserved: 'warn',
  Unavailable: 'bad',
  Faulted: 'bad',
};

export function pileTile(pile) {
  const tile = element('article', 'pile');
  const title = element('h3', '', pile.id);
  if (pile.simulated) title.append(' ', element('span', 'badge', 'Simulated'));
  tile.append(title);
  tile.append(
    element('p', `state state-${pile.connected ? 'good' : 'bad'} quiet`, pile.connected ? 'connected' : 'offline'),
  );
  const connectors = element('ul');
  for (const connector of pile.connectors) {
    const status = connector.status ?? 'no status yet';
    const item = element(
      'li',
      `state state-${STATE_CLASS[connector.status] ?? 'warn'}`,
      `${connector.connectorId}: ${status}`,
    );
    if (connector.errorCode && connector.errorCode !== 'NoError') item.append(` (${connector.errorCode})`);
    connectors.append(item);
  }
  tile.append(connectors);
  return tile;
}

export function table(headers, rows) {
  const node = element('table');
  const head = element('tr');
  for (const [label, numeric] of headers) {
    const cell = element('th', numeric ? 'number' : '', label);
    cell.scope = 'col';
    head.append(cell);
  }
  const body = element('tbody');
  for (const row of rows) {
    const line = element('tr');
    row.forEach((value, index) => {
      const cell = element('td', headers[index][1] ? 'number' : '');
      cell.append(value instanceof Node ? value : document.createTextNode(String(value)));
      line.append(cell);
    });
    body.append(line);
  }
  const header = element('thead');
  header.append(head);
  node.append(header, body);
  return node;
}
