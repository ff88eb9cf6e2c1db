import type { Caller, CallerRole, LedgerFunction, LedgerTransactions, SettleItemArgs } from '@tallywatt/contracts';
import { EmbeddedLedger } from '../ledger/embedded-ledger.js';
import type { LedgerPort } from '../ledger/ledger.port.js';
import type { LedgerStore } from '../ledger/ledger-store.js';

const WAIT_MS = 10_000;
const START_MS = Date.UTC(2026, 0, 14, 2);
const END_MS = START_MS + 3_600_000;

export const by = (mspId: string, role: CallerRole): Caller => ({ mspId, role });

export function openEmbeddedLedger(store: LedgerStore, faults: string[] = []): EmbeddedLedger {
  const ledger = new EmbeddedLedger({
    store,
    clock: { nowMs: () => Date.now() },
    report: (fault) => faults.push(fault),
  });
  ledger.start();
  return ledger;
}

/** Prepare, submit, wait. @returns the contract's answer. @throws unless the transaction is valid. */
export async function commit<F extends LedgerFunction>(
  ledger: LedgerPort,
  fn: F,
  args: LedgerTransactions[F],
  caller: Caller,
): Promise<string> {
  const prepared = await ledger.prepare(fn, args, caller);
  await ledger.submit(prepared);
  const status = await ledger.commitStatus(prepared.txId, WAIT_MS);
  if (status?.code !== 'VALID') throw new Error(`${fn}: ${status?.code ?? 'no verdict'}`);
  return prepared.result;
}

/** 10 kWh at 1.00 per kWh: 10.00. */
export function sceneItem(settlementId: string, overrides: Partial<SettleItemArgs> = {}): SettleItemArgs {
  return {
    settlementId,
    evId: 'EV-1',
    stationId: 'CS-1',
    startMs: START_MS,
    endMs: END_MS,
    meterStartWh: '1000',
    meterStopWh: '11000',
    lines: [{ priceId: 'P-1', fromMs: START_MS, toMs: END_MS, energyWh: '10000' }],
    totalMinor: '1000',
    evidenceSha256: 'ab'.repeat(32),
    ...overrides,
  };
}

/** Everything that can happen to money, once: deposits, bills, a credit note and its replacement, fold, pay-out, refund. */
export async function playEverything(ledger: LedgerPort): Promise<void> {
  await found(ledger);
  const treasurer = by('TELD', 'treasurer');
  const settler = by('TELD', 'settler');
  await commit(ledger, 'Deposit', { evId: 'EV-1', amountMinor: '2500', reference: 'd-1' }, treasurer);
  await commit(
    ledger,
    'SettleBatch',
    { operatorId: 'TELD', items: [sceneItem('s-1'), sceneItem('s-2'), sceneItem('s-3', { evId: 'EV-2' })] },
    settler,
  );
  await commit(
    ledger,
    'SettleBatch',
    { operatorId: 'TELD', items: [sceneItem('s-4'), sceneItem('s-5', { totalMinor: '999' })] },
    settler,
  );
  await commit(
    ledger,
    'IssueCreditNote',
    { settlementId: 's-1', evId: 'EV-1', reference: 'note-1', reason: 'wrong meter' },
    treasurer,
  );
  const replacement = sceneItem('s-6', { replaces: 's-1', meterStopWh: '6000', totalMinor: '500' });
  const lines = replacement.lines.map((line) => ({ ...line, energyWh: '5000' }));
  await commit(ledger, 'SettleBatch', { operatorId: 'TELD', items: [{ ...replacement, lines }] }, settler);
  await commit(ledger, 'RateBatch', { items: [{ settlementId: 's-2', evId: 'EV-1', rating: 4 }] }, settler);
  const station = JSON.parse(await ledger.evaluate('GetStation', { stationId: 'CS-1' }, by('TELD', 'operator')));
  await commit(ledger, 'FoldAccount', { stationId: 'CS-1', deltaKeys: station.balance.deltaKeys.slice(1) }, treasurer);
  await commit(ledger, 'PayOut', { stationId: 'CS-1', amountMinor: '1200', reference: 'p-1' }, treasurer);
  await commit(ledger, 'Deposit', { evId: 'EV-1', amountMinor: '5000', reference: 'd-2' }, treasurer);
  await commit(ledger, 'Refund', { evId: 'EV-1', amountMinor: '300', reference: 'r-1' }, treasurer);
}

async function found(ledger: LedgerPort): Promise<void> {
  const parameters = {
    alphaE6: '10000000',
    betaE6: '500000',
    sigmaE6: '1000000',
    maxLevel: 5,
    maxRating: 5,
    thresholdMinor: '0',
  };
  const limits = {
    minCreditE6: '0',
    currency: 'CNY',
    currencyDecimals: 2,
    endorsementRangeBlocks: 10,
    endorsementQuorum: 3,
  };
  await commit(ledger, 'SetParameters', { ...parameters, ...limits }, by('SUPERVISION', 'supervisor'));
  await commit(ledger, 'RegisterOperator', { operatorId: 'TELD', name: 'TELD' }, by('SUPERVISION', 'supervisor'));
  const operator = by('TELD', 'operator');
  const times = { fromMinute: 0, toMinute: 1440, weekdayMask: 127, validFromMs: 0, validToMs: null };
  const price = { priceId: 'P-1', ...times, electricityPriceE4: '6000', servicePriceE4: '4000' };
  await commit(
    ledger,
    'PublishTariff',
    { tariffId: 'T-1', operatorId: 'TELD', prices: [price], publishedAtMs: Date.now() },
    operator,
  );
  const place = { latE6: 39_000_000, lonE6: 117_000_000, offsets: [{ fromMs: 0, offsetMinutes: 480 }] };
  const station = { stationId: 'CS-1', operatorId: 'TELD', name: 'one', peerNode: 'n-1', tariffId: 'T-1', piles: [] };
  await commit(ledger, 'RegisterStation', { ...station, ...place }, operator);
  for (const evId of ['EV-1', 'EV-2']) await commit(ledger, 'OpenAccount', { evId, operatorId: 'TELD' }, operator);
}
