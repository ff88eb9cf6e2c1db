import type { ChargePointCredentialView } from '@tallywatt/contracts';
import { WirePile } from '../support/ocpp-wire.js';
import { type Product, until } from '../support/product.js';

const OPERATOR = 'TELD';
const STATION = 'FAULT-1';
/** Enough for every bill of a long run: these are never blocked. */
const DEPOSIT_MINOR = '1000000000000';
/** This driver owes from the first bill on, and charges all the same: a pile may be offline and not know. */
const POOR_DEPOSIT_MINOR = '1';

export interface RegisteredPile {
  readonly id: string;
  readonly password: string;
  readonly idTag: string;
}

/** What a run is played with. */
export interface World {
  readonly piles: readonly RegisteredPile[];
  /** A pile that the load does not use. */
  readonly spare: RegisteredPile;
}

/** A station, piles whose clocks are recorded, a driver for each, one of them poor; resolves when every tag is accepted. */
export async function registerWorld(product: Product, count: number): Promise<World> {
  const staff = product.tokenOf('operator', OPERATOR);
  await created(product.api('POST', '/v1/stations', staff, station(count + 1)));
  const [spare, ...piles] = await Promise.all([
    registerPile(product, 0, DEPOSIT_MINOR),
    registerPile(product, 1, POOR_DEPOSIT_MINOR),
    ...Array.from({ length: count - 1 }, (_, index) => registerPile(product, index + 2, DEPOSIT_MINOR)),
  ]);
  for (const pile of [spare, ...piles]) await untilAccepted(product, pile);
  return { spare, piles };
}

function station(count: number): object {
  return {
    stationId: STATION,
    operatorId: OPERATOR,
    name: 'Under faults',
    peerNode: `${OPERATOR}-peer0`,
    tariffId: `${OPERATOR}-TOU`,
    timeZone: 'Asia/Shanghai',
    latitudeE6: 39_084_000,
    longitudeE6: 117_200_000,
    piles: [{ type: 'DC', count }],
  };
}

async function registerPile(product: Product, number: number, amountMinor: string): Promise<RegisteredPile> {
  const staff = product.tokenOf('operator', OPERATOR);
  const pile = { id: `FAULT-CP-${number}`, idTag: `FAULT-TAG-${number}` };
  const registered = await created(
    product.api('POST', '/v1/charge-points', staff, {
      id: pile.id,
      operatorId: OPERATOR,
      stationId: STATION,
      connectors: [{ connectorId: 1, ratedPowerW: 120_000, type: 'DC' }],
      clock: 'recorded',
      simulated: true,
    }),
  );
  const opened = await created(
    product.api('POST', '/v1/accounts', staff, { operatorId: OPERATOR, idTags: [{ idTag: pile.idTag }] }),
  );
  const { evId } = opened as { evId: string };
  await created(
    product.api(
      'POST',
      `/v1/accounts/${evId}/deposits`,
      product.tokenOf('finance', OPERATOR),
      { amountMinor },
      { 'idempotency-key': `deposit-${number}` },
    ),
  );
  return { ...pile, password: (registered as ChargePointCredentialView).password };
}

async function created(answer: Promise<{ status: number; body: unknown }>): Promise<unknown> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`the API answers ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function untilAccepted(product: Product, { id, password, idTag }: RegisteredPile): Promise<void> {
  const wire = await WirePile.connect(product.credentials.ocpp, id, password);
  await wire.call('BootNotification', { chargePointVendor: 'Fault', chargePointModel: 'H' });
  await until(
    `${idTag} is known`,
    () => wire.call('Authorize', { idTag }),
    (frame) => (frame[2] as { idTagInfo: { status: string } }).idTagInfo.status === 'Accepted',
  );
  await wire.close();
}
