import { randomBytes } from 'node:crypto';
import { canonicalJson, type Caller, type LedgerFunction, type LedgerTransactions } from '@tallywatt/contracts';
import { ContractError, invoke, isQuery, type Simulation } from '@tallywatt/chaincode/embedded';
import type { Clock } from '../clock.js';
import type { ChainBlock, ChainTransaction } from './block-chain.js';
import { BlockCutter } from './block-cutter.js';
import { decodeEnvelope, encodeEnvelope, transactionId, type Envelope } from './envelope.js';
import type { LedgerStore, StateView } from './ledger-store.js';
import {
  LedgerError,
  LedgerPort,
  type CommitStatus,
  type LedgerBlock,
  type LedgerBlockTransaction,
  type PreparedTransaction,
} from './ledger.port.js';
import { StateCache } from './state-cache.js';
import { TransactionPool } from './transaction-pool.js';
import { VerdictBoard } from './verdict-board.js';

/** Blocks read per round trip by {@link EmbeddedLedger.blocks}: enough for a replay, small enough for memory. */
const BLOCKS_PER_READ = 20;
/** A reader at the tip looks by itself this often, besides being woken: another process may be the writer. */
const TIP_POLL_MS = 500;
/** Size of Fabric's nonces. */
const NONCE_BYTES = 24;

/** What the ledger takes from outside. */
export interface EmbeddedLedgerOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  /** One line per fault of the writer; it goes on by itself. */
  readonly report: (fault: string) => void;
  /** 24 random bytes in hex; injected so that a run can be repeated. */
  readonly nonce?: () => string;
}

/**
 * The development ledger: the contract in process, hash-chained blocks and state in PostgreSQL, no consensus.
 * Endorsement, ordering and validation are three steps as on Fabric, so that crashes and conflicts look the same.
 */
export class EmbeddedLedger extends LedgerPort {
  override readonly mode = 'embedded';
  private readonly pool = new TransactionPool();
  private readonly board = new VerdictBoard();
  private readonly stopping = new AbortController();
  private readonly tipListeners = new Set<() => void>();
  private readonly cache: StateCache;
  private readonly cutter: BlockCutter;
  private running: Promise<void> | undefined;

  constructor(private readonly options: EmbeddedLedgerOptions) {
    super();
    this.cache = new StateCache(options.store);
    const nowMs = (): number => options.clock.nowMs();
    this.cutter = new BlockCutter(
      options.store,
      this.cache,
      this.pool,
      nowMs,
      (places) => this.announce(places),
      options.report,
    );
  }

  /** Starts the writer. */
  override start(): void {
    this.running ??= this.cutter.run(this.stopping.signal);
  }

  /** Ends the writer after the block under way. */
  override async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  override async prepare<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
  ): Promise<PreparedTransaction> {
    const nonce = this.options.nonce?.() ?? randomBytes(NONCE_BYTES).toString('hex');
    const txId = transactionId(nonce, caller);
    const timestampMs = this.options.clock.nowMs();
    const text = canonicalJson(args);
    const simulation = await answered(txId, () => invoke({ txId, timestampMs, fn, args: text }, caller, this.cache));
    if (isQuery(fn) || simulation.rangeReads.length > 0) {
      throw new LedgerError('stop', 'RANGE_READ', `${fn} reads ranges and cannot be submitted`, txId);
    }
    const bytes = encodeEnvelope(envelopeOf({ nonce, creator: caller, fn, args: text, timestampMs }, simulation));
    return { txId, bytes, result: simulation.result };
  }

  override async submit(transaction: Pick<PreparedTransaction, 'txId' | 'bytes'>): Promise<void> {
    const { txId, bytes } = transaction;
    if (this.pool.has(txId) || this.board.known(txId) !== undefined) return;
    const envelope = decodeEnvelope(bytes);
    if (transactionId(envelope.nonce, envelope.creator) !== txId) {
      throw new LedgerError('final', 'MALFORMED_TRANSACTION', 'the bytes are of another transaction', txId);
    }
    if (this.pool.isFull)
      throw new LedgerError('retry', 'LEDGER_UNAVAILABLE', 'too many transactions wait for a block', txId);
    this.pool.add({ txId, bytes, envelope });
  }

  override async commitStatus(txId: string, waitMs: number): Promise<CommitStatus | undefined> {
    // Waiting starts before the look at the database, so that no commit falls between the two.
    const waiting = this.board.wait(txId, waitMs);
    if (this.board.known(txId) !== undefined || this.pool.has(txId)) return waiting;
    const place = await answered(txId, () => this.options.store.placeOf(txId));
    if (place === undefined) return waiting;
    this.board.post(place);
    return place;
  }

  override evaluate(query: string, args: unknown, caller: Caller): Promise<string> {
    const timestampMs = this.options.clock.nowMs();
    const invocation = { txId: '0'.repeat(64), timestampMs, fn: query, args: canonicalJson(args) };
    if (!isQuery(query)) throw new LedgerError('final', 'ACCESS_DENIED', `${query} is no query`);
    const ask = (view: StateView): Promise<Simulation> => invoke(invocation, caller, view);
    return answered(undefined, async () => (await this.options.store.snapshot(ask)).result);
  }

  override async *blocks(from: bigint, signal: AbortSignal): AsyncIterable<LedgerBlock> {
    let next = from;
    while (!signal.aborted) {
      const tipMoved = this.tipMoved(signal);
      const page = await answered(undefined, () => this.options.store.blocks(next, BLOCKS_PER_READ));
      for (const block of page) {
        if (signal.aborted) return;
        yield ledgerBlock(block);
        next = block.number + 1n;
      }
      if (page.length === 0) await tipMoved;
    }
  }

  override async height(): Promise<bigint> {
    return (await answered(undefined, () => this.options.store.tip())).height;
  }

  private announce(places: readonly CommitStatus[]): void {
    for (const place of places) this.board.post(place);
    for (const listener of this.tipListeners) listener();
  }

  private tipMoved(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.tipListeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, TIP_POLL_MS);
      this.tipListeners.add(done);
      signal.addEventListener('abort', done);
    });
  }
}

/** A contract's refusal is final and carries its code; everything else is the database's, and passes. */
async function answered<T>(txId: string | undefined, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    if (error instanceof ContractError) {
      const errorClass = error.code === 'INTERNAL' ? 'stop' : 'final';
      throw new LedgerError(errorClass, error.code, error.message, txId);
    }
    const message = error instanceof Error ? error.message : String(error);
    throw new LedgerError('retry', 'LEDGER_UNAVAILABLE', message, txId);
  }
}

function envelopeOf(
  invocation: Pick<Envelope, 'nonce' | 'creator' | 'fn' | 'args' | 'timestampMs'>,
  simulation: Simulation,
): Envelope {
  return {
    ...invocation,
    reads: simulation.readSet.map(({ key, version }) => [key, version]),
    writes: simulation.writeSet.map(({ key, value }) => [key, value === null ? null : textOf(value)]),
    event: simulation.event === null ? null : [simulation.event.name, textOf(simulation.event.payload)],
  };
}

function ledgerBlock(block: ChainBlock): LedgerBlock {
  const { number, previousHash, hash, committedAtMs } = block;
  return { number, previousHash, hash, committedAtMs, transactions: block.transactions.map(blockTransaction) };
}

function blockTransaction({ txId, code, bytes }: ChainTransaction): LedgerBlockTransaction {
  const { fn, args, creator, timestampMs, writes, event } = decodeEnvelope(bytes);
  return {
    txId,
    code,
    fn,
    args,
    creator,
    timestampMs,
    writes: writes.map(([key, value]) => ({ key, value: value === null ? null : Buffer.from(value, 'utf8') })),
    event: event === null ? null : { name: event[0], payload: Buffer.from(event[1], 'utf8') },
    endorsers: [],
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
