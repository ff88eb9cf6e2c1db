import {
  accountRecord,
  billMarkRecord,
  billRecord,
  CREDITED,
  creditNoteRecord,
  operatorIndexRecord,
  settlementRecord,
  stationCreditRecord,
  stationRecord,
  type BillRecord,
  type IssueCreditNoteArgs,
} from '@tallywatt/contracts';
import { assertMoney, depositTo } from './account-money.js';
import { sha256Short } from './content-hash.js';
import { ContractError, demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { assertOwn } from './ownership.js';
import { currentParameters } from './parameters.js';

/** Answer of IssueCreditNote. `billId` is the note's own id among the bills. */
interface CreditNoteAnswer {
  readonly billId: string;
  readonly totalMinor: string;
  readonly duplicate: boolean;
}

/**
 * A full negative copy of a bill under its own id, the reference. The returned amount counts like a deposit; the
 * station's account may fall below zero by it, and by nothing else (rules.md "Payment").
 */
export async function issueCreditNote(context: LedgerContext, args: IssueCreditNoteArgs): Promise<CreditNoteAnswer> {
  const { state, caller } = context;
  const reasonHash = sha256Short(args.reason);
  const bill = await creditableBill(context, args);
  const noteKey = keys.creditNote(caller.mspId, args.reference);
  await state.load([noteKey, keys.credited(args.settlementId), keys.settlement(args.reference)]);
  const note = creditNoteOf(bill, args.reference);
  const before = state.get(creditNoteRecord, noteKey);
  if (before !== undefined) {
    const same = before.settlementId === args.settlementId && before.reasonHash === reasonHash;
    demand(same, 'REFERENCE_USED', 'the reference names another credit note');
    return { billId: args.reference, totalMinor: note.totalMinor.toString(), duplicate: true };
  }
  demand(
    state.get(billMarkRecord, keys.credited(args.settlementId)) === undefined,
    'ALREADY_CREDITED',
    'the bill was credited before',
  );
  demand(
    state.get(settlementRecord, keys.settlement(args.reference)) === undefined,
    'REFERENCE_USED',
    'the reference is the id of a bill',
  );
  state.put(creditNoteRecord, {
    operatorId: caller.mspId,
    reference: args.reference,
    settlementId: args.settlementId,
    reasonHash,
  });
  await writeNote(context, note, reasonHash);
  return { billId: args.reference, totalMinor: note.totalMinor.toString(), duplicate: false };
}

/** The bill behind the id, if it is one of the caller's own stations. */
async function creditableBill(context: LedgerContext, args: IssueCreditNoteArgs): Promise<BillRecord> {
  const { state, caller } = context;
  const settled = await state.find(settlementRecord, keys.settlement(args.settlementId));
  demand(settled !== undefined && settled.evId === args.evId, 'UNKNOWN_BILL', 'no such bill');
  const bill = await state.find(billRecord, keys.bill(settled));
  demand(bill !== undefined && bill.kind !== 'creditNote', 'UNKNOWN_BILL', 'no such bill');
  const station = await state.find(stationRecord, keys.station(bill.stationId));
  if (station === undefined) throw new ContractError('INTERNAL', 'a bill names a station that is not there');
  assertOwn(caller, station.operatorId);
  return bill;
}

function creditNoteOf(bill: BillRecord, reference: string): BillRecord {
  return {
    ...bill,
    settlementId: reference,
    kind: 'creditNote',
    totalMinor: -bill.totalMinor,
    lines: bill.lines.map((line) => ({ ...line, energyWh: -line.energyWh })),
    refersTo: bill.settlementId,
  };
}

async function writeNote(context: LedgerContext, note: BillRecord, reasonHash: string): Promise<void> {
  const { state, caller, txId, txTimeMs } = context;
  const { thresholdMinor } = await currentParameters(state);
  const account = await state.find(accountRecord, keys.account(note.evId));
  demand(account !== undefined, 'UNKNOWN_ACCOUNT', 'no such account');
  const cured = depositTo(account, -note.totalMinor, thresholdMinor);
  assertMoney(cured.balanceMinor);
  state.put(accountRecord, cured);
  state.put(billRecord, note);
  state.put(settlementRecord, {
    settlementId: note.settlementId,
    contentHash: reasonHash,
    evId: note.evId,
    endMs: note.endMs,
  });
  state.put(billMarkRecord, { kind: CREDITED, settlementId: note.refersTo, by: note.settlementId });
  state.put(stationCreditRecord, { stationId: note.stationId, txTimeMs, txId, amountMinor: note.totalMinor });
  const stations = [{ stationId: note.stationId, settlementIds: [note.settlementId] }];
  state.put(operatorIndexRecord, { operatorId: caller.mspId, txTimeMs, txId, stations });
}
