import {
  CREDIT_NOTE,
  CREDITED,
  CURRENT_PARAMETERS,
  newestFirst,
  REPLACED,
  stateKey,
  STATE_TYPES,
  type MovementKind,
} from '@tallywatt/contracts';

/** Keys of the records that a transaction looks for (ledger.md "State keys"). */
export const keys = {
  /** Of the bill that `I~` points at. */
  bill: (settled: { readonly settlementId: string; readonly evId: string; readonly endMs: number }) =>
    stateKey(STATE_TYPES.bill, settled.evId, newestFirst(settled.endMs), settled.settlementId),
  settlement: (settlementId: string) => stateKey(STATE_TYPES.settlement, settlementId),
  account: (evId: string) => stateKey(STATE_TYPES.account, evId),
  price: (priceId: string) => stateKey(STATE_TYPES.price, priceId),
  tariff: (tariffId: string) => stateKey(STATE_TYPES.tariff, tariffId),
  station: (stationId: string) => stateKey(STATE_TYPES.station, stationId),
  operator: (operatorId: string) => stateKey(STATE_TYPES.operator, operatorId),
  folded: (stationId: string) => stateKey(STATE_TYPES.foldedBalance, stationId),
  currentParameters: () => stateKey(STATE_TYPES.parameters, CURRENT_PARAMETERS),
  movement: (kind: MovementKind, operatorId: string, reference: string) =>
    stateKey(STATE_TYPES.movement, kind, operatorId, reference),
  creditNote: (operatorId: string, reference: string) =>
    stateKey(STATE_TYPES.movement, CREDIT_NOTE, operatorId, reference),
  credited: (settlementId: string) => stateKey(STATE_TYPES.movement, CREDITED, settlementId),
  replaced: (settlementId: string) => stateKey(STATE_TYPES.movement, REPLACED, settlementId),
  rating: (sessionId: string) => stateKey(STATE_TYPES.rating, sessionId),
  evaluation: (stationId: string) => stateKey(STATE_TYPES.evaluation, stationId),
  nodeEndorsements: (peerNode: string) => stateKey(STATE_TYPES.nodeEndorsements, peerNode),
  endorsementRange: (range: { readonly fromBlock: number; readonly toBlock: number }) =>
    stateKey(STATE_TYPES.endorsementReport, String(range.fromBlock), String(range.toBlock)),
  endorsementReport: (range: { readonly fromBlock: number; readonly toBlock: number }, operatorId: string) =>
    stateKey(STATE_TYPES.endorsementReport, String(range.fromBlock), String(range.toBlock), operatorId),
  ledgerUpdates: () => stateKey(STATE_TYPES.ledgerUpdates),
} as const;
