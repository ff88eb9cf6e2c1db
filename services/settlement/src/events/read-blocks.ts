import {
  accountRecord,
  ANCHOR,
  anchorRecord,
  billMarkRecord,
  billRecord,
  CREDIT_NOTE,
  CREDITED,
  creditNoteRecord,
  CURRENT_PARAMETERS,
  evaluationRecord,
  foldedBalanceRecord,
  ledgerUpdatesRecord,
  movementRecord,
  nodeEndorsementsRecord,
  operatorRecord,
  parametersRecord,
  priceRecord,
  ratingRecord,
  type RecordCodec,
  RecordError,
  REPLACED,
  settlementRecord,
  splitStateKey,
  STATE_TYPES,
  stationCreditRecord,
  stationRecord,
  tariffRecord,
} from '@tallywatt/contracts';
import type { LedgerBlock, LedgerBlockTransaction, LedgerWrite } from '../ledger/ledger.port.js';
import { itemVerdictsOf } from './item-verdicts.js';
import type { At, LedgerChanges, Place, TransactionEnd } from './ledger-changes.js';

/** A copy of a transaction that an earlier block holds already: it says nothing new. */
const COPY = 'DUPLICATE_TXID';
const VALID = 'VALID';

/** Growing form of {@link LedgerChanges}. */
type Draft = { -readonly [K in keyof LedgerChanges]: Writable<LedgerChanges[K]> };
type Writable<T> = T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T extends readonly (infer E)[] ? E[] : T;
type Reader = (draft: Draft, key: string, text: string, place: Place) => void;

/** Decoder per record letter. Indexes and reports of single operators change nothing that is projected. */
const READERS: Readonly<Record<string, Reader>> = {
  [STATE_TYPES.account]: last(
    accountRecord,
    (draft) => draft.accounts,
    (account) => account.evId,
  ),
  [STATE_TYPES.station]: last(
    stationRecord,
    (draft) => draft.stations,
    (station) => station.stationId,
  ),
  [STATE_TYPES.operator]: last(
    operatorRecord,
    (draft) => draft.operators,
    (operator) => operator.operatorId,
  ),
  [STATE_TYPES.tariff]: last(
    tariffRecord,
    (draft) => draft.tariffs,
    (tariff) => tariff.tariffId,
  ),
  [STATE_TYPES.price]: last(
    priceRecord,
    (draft) => draft.prices,
    (price) => price.priceId,
  ),
  [STATE_TYPES.evaluation]: last(
    evaluationRecord,
    (draft) => draft.evaluations,
    (evaluation) => evaluation.stationId,
  ),
  [STATE_TYPES.nodeEndorsements]: last(
    nodeEndorsementsRecord,
    (draft) => draft.nodes,
    (node) => node.peerNode,
  ),
  [STATE_TYPES.parameters]: (draft, key, text, place) => {
    const record = parametersRecord.decode(key, text);
    if (record.name !== CURRENT_PARAMETERS) draft.parameters.set(record.version, { record, place });
  },
  [STATE_TYPES.ledgerUpdates]: (draft, key, text, place) => {
    draft.ledgerUpdates = { record: ledgerUpdatesRecord.decode(key, text), place };
  },
  [STATE_TYPES.bill]: each(billRecord, (draft) => draft.bills),
  [STATE_TYPES.rating]: each(ratingRecord, (draft) => draft.ratings),
  [STATE_TYPES.stationCredit]: each(stationCreditRecord, (draft) => draft.stationCredits),
  [STATE_TYPES.settlement]: (draft, key, text) => {
    const { settlementId, contentHash } = settlementRecord.decode(key, text);
    draft.contentHashes.set(settlementId, contentHash);
  },
  [STATE_TYPES.foldedBalance]: (draft, key, text) => {
    const { stationId, balanceMinor } = foldedBalanceRecord.decode(key, text);
    draft.foldedBalances.set(stationId, balanceMinor);
  },
  [STATE_TYPES.movement]: readMovement,
  [STATE_TYPES.operatorIndex]: () => undefined,
  [STATE_TYPES.endorsementReport]: () => undefined,
};

/**
 * Decodes what consecutive blocks changed.
 * @throws RecordError for a record that this build cannot read: nothing is skipped silently.
 */
export function readBlocks(blocks: readonly [LedgerBlock, ...LedgerBlock[]]): LedgerChanges {
  const last = blocks.at(-1) ?? blocks[0];
  const draft = emptyDraft(blocks[0].number, last);
  for (const block of blocks) {
    for (const [position, transaction] of block.transactions.entries()) {
      if (transaction.code === COPY) continue;
      draft.transactions.push(endOf(transaction, block.number));
      const place = {
        txId: transaction.txId,
        blockNumber: block.number,
        txPosition: position,
        atMs: block.committedAtMs,
      };
      if (transaction.code === VALID) for (const write of transaction.writes) readWrite(draft, write, place);
    }
  }
  return draft;
}

function emptyDraft(firstBlock: bigint, last: LedgerBlock): Draft {
  return {
    firstBlock,
    lastBlock: last.number,
    lastHash: last.hash,
    committedAtMs: last.committedAtMs,
    transactions: [],
    accounts: new Map(),
    stations: new Map(),
    operators: new Map(),
    tariffs: new Map(),
    prices: new Map(),
    parameters: new Map(),
    evaluations: new Map(),
    nodes: new Map(),
    ledgerUpdates: undefined,
    bills: [],
    contentHashes: new Map(),
    billMarks: [],
    ratings: [],
    stationCredits: [],
    foldedCredits: [],
    foldedBalances: new Map(),
    movements: [],
    creditNotes: [],
    anchors: [],
  };
}

function endOf(transaction: LedgerBlockTransaction, blockNumber: bigint): TransactionEnd {
  const { txId, fn, code, event } = transaction;
  const valid = code === VALID;
  return { txId, fn, code, valid, blockNumber, items: valid ? itemVerdictsOf(event) : [] };
}

function readWrite(draft: Draft, write: LedgerWrite, place: Place): void {
  const { type, parts } = splitStateKey(write.key);
  if (write.value === null) {
    readDelete(draft, type, parts);
    return;
  }
  const reader = READERS[type];
  if (reader === undefined) throw new RecordError(`no reader for records of type ${type}`);
  reader(draft, write.key, Buffer.from(write.value).toString('utf8'), place);
}

function readDelete(draft: Draft, type: string, parts: readonly string[]): void {
  const [stationId, , txId] = parts;
  if (type !== STATE_TYPES.stationCredit || stationId === undefined || txId === undefined) {
    throw new RecordError(`a record of type ${type} was deleted`);
  }
  draft.foldedCredits.push({ stationId, txId });
}

function readMovement(draft: Draft, key: string, text: string, place: Place): void {
  const [kind] = splitStateKey(key).parts;
  switch (kind) {
    case ANCHOR:
      draft.anchors.push({ record: anchorRecord.decode(key, text), place });
      return;
    case CREDIT_NOTE:
      draft.creditNotes.push({ record: creditNoteRecord.decode(key, text), place });
      return;
    case CREDITED:
    case REPLACED:
      draft.billMarks.push({ record: billMarkRecord.decode(key, text), place });
      return;
    default:
      draft.movements.push({ record: movementRecord.decode(key, text), place });
  }
}

function last<T>(
  codec: RecordCodec<T>,
  target: (draft: Draft) => Map<string, At<T>>,
  keyOf: (record: T) => string,
): Reader {
  return (draft, key, text, place) => {
    const record = codec.decode(key, text);
    target(draft).set(keyOf(record), { record, place });
  };
}

function each<T>(codec: RecordCodec<T>, target: (draft: Draft) => At<T>[]): Reader {
  return (draft, key, text, place) => {
    target(draft).push({ record: codec.decode(key, text), place });
  };
}
