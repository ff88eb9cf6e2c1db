import {
  evaluationRecord,
  foldedBalanceRecord,
  operatorRecord,
  stationCreditRecord,
  stationRecord,
  tariffRecord,
  type RegisterStationArgs,
  type StationAnswer,
} from '@tallywatt/contracts';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { assertOwn, mayRead } from './ownership.js';
import type { State } from './state.js';

/** Delta rows that one query adds up; beyond it FoldAccount has to catch up first. */
const DELTA_PAGE = 1000;

/** Registers a station, or changes what may change: name, piles, tariff, offsets, position. Owner and peer node stay. */
export async function registerStation(
  context: LedgerContext,
  args: RegisterStationArgs,
): Promise<{ readonly stationId: string }> {
  const { state, caller } = context;
  assertOwn(caller, args.operatorId);
  await state.load([keys.operator(args.operatorId), keys.station(args.stationId), keys.tariff(args.tariffId)]);
  demand(
    state.get(operatorRecord, keys.operator(args.operatorId)) !== undefined,
    'UNKNOWN_OPERATOR',
    'the operator is not admitted',
  );
  const tariff = state.get(tariffRecord, keys.tariff(args.tariffId));
  demand(
    tariff !== undefined && tariff.operatorId === args.operatorId,
    'UNKNOWN_TARIFF',
    'the operator has no such tariff',
  );
  const before = state.get(stationRecord, keys.station(args.stationId));
  const sameOwner =
    before === undefined || (before.operatorId === args.operatorId && before.peerNode === args.peerNode);
  demand(sameOwner, 'ALREADY_EXISTS', 'the station has another operator or peer node');
  assertAscending(args);
  state.put(stationRecord, args);
  return { stationId: args.stationId };
}

function assertAscending(args: RegisterStationArgs): void {
  args.offsets.forEach((offset, index) => {
    const before = args.offsets[index - 1];
    demand(
      before === undefined || before.fromMs < offset.fromMs,
      'INVALID_ARGUMENT',
      'offset transitions are not in time order',
    );
  });
}

/** What everybody may know of a station, and its balance for its operator and supervision. */
export async function getStation(context: LedgerContext, stationId: string): Promise<StationAnswer> {
  const { state, caller } = context;
  await state.load([keys.station(stationId), keys.evaluation(stationId), keys.folded(stationId)]);
  const station = state.get(stationRecord, keys.station(stationId));
  demand(station !== undefined, 'NOT_FOUND', 'no such record');
  const evaluation = state.get(evaluationRecord, keys.evaluation(stationId));
  const { offsets: _offsets, ...known } = station;
  return {
    ...known,
    evaluationE6: evaluation?.evaluationE6 ?? 0,
    ratingCount: evaluation?.ratingCount ?? 0,
    balance: mayRead(caller, null, station.operatorId) ? await balanceOf(state, stationId) : null,
  };
}

async function balanceOf(state: State, stationId: string): Promise<StationAnswer['balance']> {
  const foldedMinor = state.get(foldedBalanceRecord, keys.folded(stationId))?.balanceMinor ?? 0n;
  const deltaKeys: string[] = [];
  let balanceMinor = foldedMinor;
  let bookmark = '';
  do {
    const page = await state.page(stationCreditRecord, [stationId], DELTA_PAGE, bookmark);
    for (const { key, record } of page.entries) {
      if (deltaKeys.length < DELTA_PAGE) deltaKeys.push(key);
      balanceMinor += record.amountMinor;
    }
    bookmark = page.bookmark;
  } while (bookmark !== '');
  return { foldedMinor: foldedMinor.toString(), deltaKeys, balanceMinor: balanceMinor.toString() };
}
