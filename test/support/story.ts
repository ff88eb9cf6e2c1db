import type { ChargePointCredentialView } from '@tallywatt/contracts';
import type { WirePile } from './ocpp-wire.js';
import { until, type Product } from './product.js';

const HALF_HOUR_MS = 1_800_000;

/** A pile of TELD and a driver with 100.00, registered as people would do it over the API. */
export interface Registered {
  readonly chargePointId: string;
  readonly password: string;
  readonly idTag: string;
  readonly evId: string;
}

/** Registers station, pile and driver; the names carry the number. Throws with what the API refused. */
export async function register(product: Product, number: number): Promise<Registered> {
  const staff = product.tokenOf('operator', 'TELD');
  const post = async (
    path: string,
    token: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<unknown> => {
    const answer = await product.api('POST', path, token, body, headers);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const [stationId, chargePointId, idTag] = [`TELD-${number}`, `CP-${number}`, `TAG-${number}`];
  await post('/v1/stations', staff, {
    stationId,
    operatorId: 'TELD',
    name: 'Under test',
    peerNode: 'TELD-peer0',
    tariffId: 'TELD-TOU',
    timeZone: 'Asia/Shanghai',
    latitudeE6: 39_084_000,
    longitudeE6: 117_200_000,
    piles: [{ type: 'DC', count: 1 }],
  });
  const connectors = [{ connectorId: 1, ratedPowerW: 120_000, type: 'DC' }];
  const pile = await post('/v1/charge-points', staff, {
    id: chargePointId,
    operatorId: 'TELD',
    stationId,
    connectors,
    simulated: true,
  });
  const opened = await post('/v1/accounts', staff, { operatorId: 'TELD', idTags: [{ idTag }] });
  const { evId } = opened as { evId: string };
  await post(
    `/v1/accounts/${evId}/deposits`,
    product.tokenOf('finance', 'TELD'),
    { amountMinor: '10000' },
    { 'idempotency-key': `deposit-${number}` },
  );
  return { chargePointId, password: (pile as ChargePointCredentialView).password, idTag, evId };
}

/** Boot, and then again and again Authorize: a new driver is known a moment after the account's block. */
export async function bootAndAuthorize(pile: WirePile, idTag: string): Promise<void> {
  await pile.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  await until(
    'the driver is known',
    () => pile.call('Authorize', { idTag }),
    (frame) => (frame[2] as { idTagInfo: { status: string } }).idTagInfo.status === 'Accepted',
  );
}

/** Half an hour of charging that ended a second ago: 26.4 kWh. Resolves when the Stop is acknowledged. */
export async function chargeOnce(pile: WirePile, idTag: string): Promise<void> {
  await stopCharging(pile, idTag, await startCharging(pile, idTag));
}

/** Begins half an hour ago. @returns the transaction id */
export async function startCharging(pile: WirePile, idTag: string): Promise<number> {
  const timestamp = new Date(Date.now() - HALF_HOUR_MS).toISOString();
  const answer = await pile.call('StartTransaction', { connectorId: 1, idTag, meterStart: 1_000, timestamp });
  return (answer[2] as { transactionId: number }).transactionId;
}

/** Resolves when the Stop is acknowledged; with the same time it is the same Stop. */
export async function stopCharging(
  pile: WirePile,
  idTag: string,
  transactionId: number,
  atMs = Date.now() - 1_000,
): Promise<void> {
  const timestamp = new Date(atMs).toISOString();
  const stop = { transactionId, idTag, meterStop: 27_400, timestamp, reason: 'Local' };
  const [type] = await pile.call('StopTransaction', stop);
  if (type !== 3) throw new Error('the Stop was not acknowledged');
}
