import {
  accountRecord,
  foldedBalanceRecord,
  RecordError,
  splitStateKey,
  stateKey,
  StateKeyError,
  STATE_TYPES,
} from '@tallywatt/contracts';
import {
  dataHash,
  GENESIS_TIP,
  headerHash,
  tipAfter,
  type ChainBlock,
  type ChainTip,
  type ChainTransaction,
} from '../block-chain.js';
import { decodeEnvelope, transactionId, type Envelope } from '../envelope.js';
import type { StoredEntry } from '../ledger-store.js';
import { LedgerError } from '../ledger.port.js';
import { accountFaults } from './check-accounts.js';
import { billFault } from './check-bill.js';
import { MoneyBook } from './money-book.js';
import { ReplayedState } from './replayed-state.js';
import { BreakList, type Place, type VerifyReport } from './verify-report.js';
import { writtenRecords, type WrittenRecords } from './written-records.js';

/** Records that are written once and never again (reliability.md I6). */
const WRITTEN_ONCE: ReadonlySet<string> = new Set([
  STATE_TYPES.settlement,
  STATE_TYPES.bill,
  STATE_TYPES.operatorIndex,
  STATE_TYPES.stationCredit,
  STATE_TYPES.movement,
  STATE_TYPES.rating,
]);

/** Walks a chain from its first block; shares no code with the writer but the formats and the rules. */
export class ChainVerifier {
  readonly breaks = new BreakList();
  private tip: ChainTip = GENESIS_TIP;
  private readonly state = new ReplayedState();
  private readonly book = new MoneyBook();
  private readonly txIds = new Set<string>();
  private transactions = 0;
  private valid = 0;
  private bills = 0;
  private creditNotes = 0;

  get height(): bigint {
    return this.tip.height;
  }

  block(block: ChainBlock): void {
    this.checkHeader(block);
    block.transactions.forEach((transaction, position) => this.transaction(block, transaction, position));
    if (!this.book.isConserved)
      this.breaks.add(
        'NOT_CONSERVED',
        { blockNumber: block.number },
        'balances differ from deposits − pay-outs − refunds',
      );
    this.tip = tipAfter(block);
  }

  /** One entry of the stored state. @returns after all entries were given, {@link missing} tells what was not. */
  entry(entry: StoredEntry): void {
    const replayed = this.state.at(entry.key);
    const text = Buffer.from(entry.value).toString('utf8');
    if (replayed === undefined) this.breaks.add('STATE_UNKNOWN', { key: entry.key }, 'no block wrote it');
    else if (replayed.text !== text)
      this.breaks.add('STATE_WRONG', { key: entry.key }, 'the value differs from the blocks');
    else if (replayed.version !== entry.version)
      this.breaks.add('STATE_WRONG', { key: entry.key }, 'the version differs from the blocks');
  }

  /** Ends the check: accounts against their entries, and state that the blocks wrote and the store does not have. */
  finish(storedKeys: ReadonlySet<string>): void {
    for (const key of this.state.keys())
      if (!storedKeys.has(key)) this.breaks.add('STATE_MISSING', { key }, 'a block wrote it');
    for (const [evId, entries] of this.book.evEntries) {
      const balance = this.state.record(accountRecord, stateKey(STATE_TYPES.account, evId))?.balanceMinor ?? 0n;
      if (balance !== entries)
        this.breaks.add(
          'ACCOUNT_WRONG',
          { key: stateKey(STATE_TYPES.account, evId) },
          'the balance is not the sum of its entries',
        );
    }
    for (const [stationId, entries] of this.book.stationEntries) {
      const balance = this.book.stationBalances.get(stationId) ?? 0n;
      const key = foldedBalanceRecord.keyOf({ stationId, balanceMinor: 0n });
      if (balance !== entries) this.breaks.add('STATION_WRONG', { key }, 'the balance is not the sum of its entries');
    }
  }

  report(seconds: number): VerifyReport {
    return {
      blocks: Number(this.tip.height),
      transactions: this.transactions,
      validTransactions: this.valid,
      bills: this.bills,
      creditNotes: this.creditNotes,
      accounts: this.book.evEntries.size,
      stations: this.book.stationEntries.size,
      stateKeys: this.state.size,
      evBalancesMinor: this.book.evBalancesMinor.toString(),
      stationBalancesMinor: this.book.stationBalancesMinor.toString(),
      depositsMinor: this.book.depositsMinor.toString(),
      payOutsMinor: this.book.payOutsMinor.toString(),
      refundsMinor: this.book.refundsMinor.toString(),
      seconds,
      breaksFound: this.breaks.count,
      breaks: this.breaks.listed,
    };
  }

  private checkHeader(block: ChainBlock): void {
    const place = { blockNumber: block.number };
    if (block.number !== this.tip.height)
      this.breaks.add('BLOCK_MISSING', place, `block ${this.tip.height} was expected`);
    if (block.previousHash !== this.tip.hash)
      this.breaks.add('LINK_BROKEN', place, 'the link is not the hash of the block before');
    if (block.committedAtMs < this.tip.committedAtMs)
      this.breaks.add('TIME_RUNS_BACKWARDS', place, 'older than the block before');
    if (dataHash(block.transactions) !== block.dataHash)
      this.breaks.add('DATA_HASH_WRONG', place, 'the transactions do not give the data hash');
    if (headerHash(block) !== block.hash)
      this.breaks.add('BLOCK_HASH_WRONG', place, 'the header does not give the hash');
  }

  private transaction(block: ChainBlock, transaction: ChainTransaction, position: number): void {
    this.transactions++;
    const place = { blockNumber: block.number, txId: transaction.txId };
    if (this.txIds.has(transaction.txId))
      this.breaks.add('TRANSACTION_TWICE', place, 'the txId is in the chain before');
    this.txIds.add(transaction.txId);
    const envelope = this.decoded(transaction, place);
    if (envelope === undefined) return;
    this.checkVerdict(transaction, envelope, place);
    if (transaction.code !== 'VALID') return;
    this.valid++;
    this.checkWrites(envelope, place);
    for (const [key, text] of envelope.writes) this.state.write(key, text, `${block.number}:${position}`);
  }

  private decoded(transaction: ChainTransaction, place: Place): Envelope | undefined {
    try {
      const envelope = decodeEnvelope(transaction.bytes);
      const isOwn = transactionId(envelope.nonce, envelope.creator) === transaction.txId;
      if (!isOwn) this.breaks.add('TRANSACTION_ID_WRONG', place, 'nonce and creator give another txId');
      return envelope;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.breaks.add('TRANSACTION_MALFORMED', place, error.message);
      return undefined;
    }
  }

  /** The verdict of the block must be the one that the versions read give. */
  private checkVerdict(transaction: ChainTransaction, envelope: Envelope, place: Place): void {
    const stale = envelope.reads.some(([key, version]) => this.state.versionOf(key) !== version);
    const expected = stale ? 'MVCC_READ_CONFLICT' : 'VALID';
    if (transaction.code !== expected)
      this.breaks.add('VERDICT_WRONG', place, `${transaction.code} in the block, ${expected} by the versions read`);
  }

  private checkWrites(envelope: Envelope, place: Place): void {
    try {
      for (const [key, text] of envelope.writes) this.checkWrittenOnce(key, text, place);
      const written = writtenRecords(envelope.writes);
      this.checkBills(written, place);
      for (const { evId, detail } of accountFaults(written, this.state)) {
        this.breaks.add('ACCOUNT_WRONG', { ...place, key: stateKey(STATE_TYPES.account, evId) }, detail);
      }
      this.book.enter(written, this.state);
    } catch (error) {
      if (!(error instanceof RecordError || error instanceof StateKeyError)) throw error;
      this.breaks.add('RECORD_MALFORMED', place, error.message);
    }
  }

  private checkWrittenOnce(key: string, text: string | null, place: Place): void {
    const { type } = splitStateKey(key);
    const exists = this.state.at(key) !== undefined;
    const isFold = text === null && type === STATE_TYPES.stationCredit;
    if (text === null && !isFold) this.breaks.add('RECORD_EDITED', { ...place, key }, 'deleted, and no folded delta');
    else if (exists && text !== null && WRITTEN_ONCE.has(type))
      this.breaks.add('RECORD_EDITED', { ...place, key }, 'written before');
  }

  private checkBills(written: WrittenRecords, place: Place): void {
    for (const bill of written.bills) {
      if (bill.kind === 'creditNote') this.creditNotes++;
      else this.bills++;
      const fault = billFault(bill, this.state);
      if (fault !== undefined) this.breaks.add('BILL_WRONG', place, `bill ${bill.settlementId} ${fault}`);
    }
  }
}
