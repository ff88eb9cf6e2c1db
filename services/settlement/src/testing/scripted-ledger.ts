import { createHash } from 'node:crypto';
import { contractCodeOf, type Caller, type LedgerFunction, type LedgerTransactions } from '@tallywatt/contracts';
import { ContractError, invoke, MemoryLedger, type Simulation } from '@tallywatt/chaincode/embedded';
import {
  type CommitStatus,
  type LedgerBlock,
  type LedgerBlockTransaction,
  LedgerError,
  LedgerPort,
  type PreparedTransaction,
} from '../ledger/ledger.port.js';

interface Envelope {
  readonly txId: string;
  readonly fn: LedgerFunction;
  readonly args: string;
  readonly caller: Caller;
  readonly timestampMs: number;
  readonly simulation: Simulation;
}

/** Which call fails next, and how: thrown before the call does anything, or after it did everything. */
export interface Faults {
  readonly prepare: LedgerError[];
  readonly submitBefore: Error[];
  readonly submitAfter: Error[];
  /** Validation codes of the next transactions in a block. */
  readonly blockCodes: string[];
}

/** The real contract on a chain in memory, with faults on order. Survives the services that use it, as a ledger does. */
export class ScriptedLedger extends LedgerPort {
  override readonly mode = 'embedded';
  readonly faults: Faults = { prepare: [], submitBefore: [], submitAfter: [], blockCodes: [] };
  readonly chain: LedgerBlock[] = [];
  /** Every submit that reached ordering, copies too. */
  readonly submits: string[] = [];
  /** Blocks are cut by {@link cut} alone. */
  manual = false;
  /** A copy of an ordered transaction lands in a block of its own, as Fabric may do it. */
  copiesLand = false;
  /** Orders nothing and loses what is submitted, as pools of orderers do after minutes. */
  forgetful = false;
  private readonly world = new MemoryLedger();
  private readonly envelopes = new Map<string, Envelope>();
  private pool: Envelope[] = [];
  private prepared = 0;
  private cutting = Promise.resolve();
  private readonly waiters = new Set<() => void>();

  override start(): void {}

  override async stop(): Promise<void> {}

  override async prepare<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
  ): Promise<PreparedTransaction> {
    const fault = this.faults.prepare.shift();
    if (fault) throw fault;
    this.prepared += 1;
    const txId = createHash('sha256').update(String(this.prepared)).digest('hex');
    const envelope = { txId, fn, args: JSON.stringify(args), caller, timestampMs: Date.now() };
    const simulation = await invoke(envelope, caller, this.world).catch((error: unknown) => {
      throw refusal(error, txId);
    });
    this.envelopes.set(txId, { ...envelope, simulation });
    return { txId, bytes: Buffer.from(txId), result: simulation.result };
  }

  override async submit(transaction: Pick<PreparedTransaction, 'txId' | 'bytes'>): Promise<void> {
    const before = this.faults.submitBefore.shift();
    if (before) throw before;
    this.order(Buffer.from(transaction.bytes).toString());
    const after = this.faults.submitAfter.shift();
    if (after) throw after;
  }

  override async commitStatus(txId: string): Promise<CommitStatus | undefined> {
    for (const block of this.chain) {
      const found = block.transactions.find((transaction) => transaction.txId === txId);
      if (found) return { txId, blockNumber: block.number, code: found.code };
    }
    return undefined;
  }

  override async evaluate(query: string, args: unknown, caller: Caller): Promise<string> {
    return (await this.world.simulate(query, args, caller, Date.now())).result;
  }

  override async *blocks(from: bigint, signal: AbortSignal): AsyncIterable<LedgerBlock> {
    for (let next = Number(from); !signal.aborted; next += 1) {
      while (this.chain[next] === undefined && !signal.aborted) await this.nextBlock(signal);
      const block = this.chain[next];
      if (block && !signal.aborted) yield block;
    }
  }

  override async height(): Promise<bigint> {
    return BigInt(this.chain.length);
  }

  /** Puts everything that was submitted into one block. */
  async cut(): Promise<void> {
    this.cutting = this.cutting.then(() => this.cutNow());
    await this.cutting;
  }

  /** Orders a prepared transaction before everything that waits for a block. */
  overtake(txId: string): void {
    const envelope = this.envelopes.get(txId);
    if (!envelope) throw new Error('nobody prepared it');
    this.pool.unshift(envelope);
  }

  private order(txId: string): void {
    this.submits.push(txId);
    const envelope = this.envelopes.get(txId);
    if (!envelope) throw new Error('bytes that nobody prepared');
    const known = this.pool.some((waiting) => waiting.txId === txId) || this.inChain(txId);
    if (this.forgetful || (known && !this.copiesLand)) return;
    this.pool.push(envelope);
    if (!this.manual) setTimeout(() => void this.cut(), 2);
  }

  private inChain(txId: string): boolean {
    return this.chain.some((block) => block.transactions.some((transaction) => transaction.txId === txId));
  }

  private async cutNow(): Promise<void> {
    const envelopes = this.pool;
    if (envelopes.length === 0) return;
    this.pool = [];
    const transactions: LedgerBlockTransaction[] = [];
    for (const envelope of envelopes) transactions.push(await this.validate(envelope, transactions));
    const number = BigInt(this.chain.length);
    this.chain.push({
      number,
      previousHash: `h${number - 1n}`,
      hash: `h${number}`,
      committedAtMs: Date.now(),
      transactions,
    });
    for (const wake of this.waiters) wake();
  }

  private async validate(
    envelope: Envelope,
    before: readonly LedgerBlockTransaction[],
  ): Promise<LedgerBlockTransaction> {
    const { txId, fn, args, caller, timestampMs, simulation } = envelope;
    const copy = this.inChain(txId) || before.some((transaction) => transaction.txId === txId);
    const code = copy ? 'DUPLICATE_TXID' : (this.faults.blockCodes.shift() ?? (await this.world.commit(simulation)));
    const { writeSet, event } = simulation;
    return { txId, code, fn, args, creator: caller, timestampMs, writes: writeSet, event, endorsers: [] };
  }

  private nextBlock(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiters.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiters.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

function refusal(error: unknown, txId: string): unknown {
  if (error instanceof ContractError) return new LedgerError('final', error.code, error.message, txId);
  const code = error instanceof Error ? contractCodeOf(error.message) : undefined;
  return code === undefined ? error : new LedgerError('final', code, String(error), txId);
}
