import type { AccountView, BillView, ChargePointCredentialView, PageView, SessionView } from '@tallywatt/contracts';
import { WirePile } from '../support/ocpp-wire.js';
import { until, type Product } from '../support/product.js';
import { judge, type Statement } from './statement.js';

/** A row of the paper's table 2. */
export interface TableRow {
  readonly operatorId: string;
  readonly name: string;
  /** 1e-4 yuan per kWh. */
  readonly electricityPriceE4: number;
  readonly servicePriceE4: number;
  /** What the user pays, in fen. */
  readonly paidMinor: string;
}
/** What the system gave for a row. */
export interface SettledRow extends TableRow {
  readonly bill: BillView;
  /** Balance after less balance before, in fen. */
  readonly balanceChangeMinor: string;
}

export const TABLE_2: readonly TableRow[] = [
  { operatorId: 'TELD', name: 'TELD', electricityPriceE4: 14_100, servicePriceE4: 6_000, paidMinor: '5306' },
  { operatorId: 'STAR', name: 'Star Charge', electricityPriceE4: 12_000, servicePriceE4: 5_000, paidMinor: '4488' },
  { operatorId: 'PTNE', name: 'PTNE', electricityPriceE4: 12_000, servicePriceE4: 10_000, paidMinor: '5808' },
  { operatorId: 'SG', name: 'Smart Grid', electricityPriceE4: 10_000, servicePriceE4: 6_800, paidMinor: '4435' },
];
export const ENERGY_WH = 26_400;
/** The paper's user has one account and charges at every operator. */
const HOME_OPERATOR = 'TELD';
const ID_TAG = 'PAPER-1';
const DEPOSIT_MINOR = '100000';
const HALF_HOUR_MS = 1_800_000;

/** Four sessions of one driver, one at each operator, from the pile's frames to bills and balances. */
export async function settleTable2(product: Product): Promise<SettledRow[]> {
  const evId = await openAccount(product);
  const settled: SettledRow[] = [];
  for (const row of TABLE_2) {
    const before = await balanceOf(product, evId);
    await charge(product, row, await registerPile(product, row));
    const bill = await billAt(product, row);
    const balanceChangeMinor = ((await balanceOf(product, evId)) - before).toString();
    settled.push({ ...row, bill, balanceChangeMinor });
  }
  return settled;
}

/** Each bill and each change of the account is table 2's, to the fen. */
export function statementsOfTable2(rows: readonly SettledRow[]): Statement[] {
  return rows.flatMap(({ operatorId, name, paidMinor, bill, balanceChangeMinor }) => [
    exact(`table-2/${operatorId}-bill`, `26.4 kWh at ${name}, bill of the ledger`, paidMinor, bill.total.minor),
    exact(`table-2/${operatorId}-account`, `26.4 kWh at ${name}, account balance`, `-${paidMinor}`, balanceChangeMinor),
  ]);
}

function exact(bench: string, text: string, paperMinor: string, oursMinor: string): Statement {
  return judge({
    bench,
    text,
    limit: { name: 'paper', value: Number(paperMinor), unit: 'fen' },
    ours: { value: Number(oursMinor), unit: 'fen' },
    goal: { min: 1, max: 1 },
  });
}

async function openAccount(product: Product): Promise<string> {
  const opened = await post<{ evId: string }>(product, '/v1/accounts', product.tokenOf('operator', HOME_OPERATOR), {
    operatorId: HOME_OPERATOR,
    idTags: [{ idTag: ID_TAG }],
  });
  const finance = product.tokenOf('finance', HOME_OPERATOR);
  const deposit = { amountMinor: DEPOSIT_MINOR };
  await post(product, `/v1/accounts/${opened.evId}/deposits`, finance, deposit, { 'idempotency-key': 'paper-deposit' });
  return opened.evId;
}

/** A tariff of one price all day, a station under it, a pile in it. Answers the pile's password. */
async function registerPile(product: Product, row: TableRow): Promise<string> {
  const { operatorId, electricityPriceE4, servicePriceE4 } = row;
  const token = product.tokenOf('operator', operatorId);
  const stationId = `${operatorId}-PAPER`;
  const allDay = { priceId: `${stationId}-FLAT`, fromMinute: 0, toMinute: 1440, validFrom: '2015-01-01T00:00:00Z' };
  await post(product, '/v1/tariffs', token, {
    tariffId: stationId,
    operatorId,
    prices: [{ ...allDay, electricityPriceE4, servicePriceE4 }],
  });
  await post(product, '/v1/stations', token, {
    stationId,
    operatorId,
    name: `${row.name}, table 2`,
    peerNode: `${operatorId}-peer0`,
    tariffId: stationId,
    timeZone: 'Asia/Shanghai',
    latitudeE6: 39_084_000,
    longitudeE6: 117_200_000,
    piles: [{ type: 'DC', count: 1 }],
  });
  const pile = await post<ChargePointCredentialView>(product, '/v1/charge-points', token, {
    id: stationId,
    operatorId,
    stationId,
    connectors: [{ connectorId: 1, ratedPowerW: 120_000, type: 'DC' }],
    simulated: true,
  });
  return pile.password;
}

async function charge(product: Product, { operatorId }: TableRow, password: string): Promise<void> {
  const pile = await WirePile.connect(product.credentials.ocpp, `${operatorId}-PAPER`, password);
  await pile.call('BootNotification', { chargePointVendor: 'Paper', chargePointModel: 'Table 2' });
  const authorize = () => pile.call('Authorize', { idTag: ID_TAG });
  await until('the driver is known', authorize, (frame) => statusIn(frame) === 'Accepted');
  const timestamp = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString();
  const start = { connectorId: 1, idTag: ID_TAG, meterStart: 0, timestamp: timestamp(HALF_HOUR_MS) };
  const [, , started] = await pile.call('StartTransaction', start);
  const { transactionId } = started as { transactionId: number };
  const stop = { transactionId, idTag: ID_TAG, meterStop: ENERGY_WH, timestamp: timestamp(1_000), reason: 'Local' };
  await pile.call('StopTransaction', stop);
  await pile.close();
}

function statusIn(frame: unknown[]): string {
  return (frame[2] as { idTagInfo: { status: string } }).idTagInfo.status;
}

async function billAt(product: Product, { operatorId }: TableRow): Promise<BillView> {
  const staff = product.tokenOf('operator', operatorId);
  const read = async () =>
    (await get<PageView<SessionView>>(product, '/v1/sessions', staff)).data.find(
      ({ chargePointId }) => chargePointId === `${operatorId}-PAPER`,
    );
  const session = await until('the session is final', read, (view) => view?.settlement?.state === 'final');
  return get<BillView>(product, `/v1/bills/${session?.id}`, product.tokenOf('finance', operatorId));
}

async function balanceOf(product: Product, evId: string): Promise<bigint> {
  const finance = product.tokenOf('finance', HOME_OPERATOR);
  return BigInt((await get<AccountView>(product, `/v1/accounts/${evId}`, finance)).balance.minor);
}

async function get<T>(product: Product, path: string, token: string): Promise<T> {
  const answer = await product.api('GET', path, token);
  if (answer.status !== 200) throw new Error(`GET ${path}: ${JSON.stringify(answer)}`);
  return answer.body as T;
}

async function post<T>(
  product: Product,
  path: string,
  token: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await product.api('POST', path, token, body, headers);
  if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer)}`);
  return answer.body as T;
}
