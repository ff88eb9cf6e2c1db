import { createHash } from 'node:crypto';
import { AccountRules } from './account-rules.js';
import { entryOf, type StateEntry } from './state-entry.js';

/** A block of the embedded ledger as its tables hold it. */
export interface StoredBlock {
  readonly number: number;
  readonly previousHash: string;
  readonly dataHash: string;
  readonly hash: string;
  readonly committedAtMs: number;
  readonly transactions: readonly StoredTransaction[];
}
export interface StoredTransaction {
  readonly txId: string;
  readonly code: string;
  /** JSON envelope with `writes: [[key, value | null], …]`. */
  readonly bytes: Buffer;
}

/** What playing all blocks again gives. */
export interface Replay {
  readonly state: ReadonlyMap<string, string>;
  readonly violations: readonly string[];
  /** Times that `I~settlementId` was written by a valid transaction. */
  readonly settled: ReadonlyMap<string, { readonly times: number; readonly txId: string }>;
  /** Payments that ended below the threshold. */
  readonly unpaid: number;
}

/** Hash of a block's content, by ledger format: each transaction's id, verdict and length as JSON, then its bytes. */
export function dataHashOf(transactions: readonly StoredTransaction[]): string {
  const hash = createHash('sha256');
  for (const { txId, code, bytes } of transactions) {
    hash.update(JSON.stringify([txId, code, bytes.length])).update(bytes);
  }
  return hash.digest('hex');
}

/** Hash of a block's header: number as text, link, content hash, time. */
export function headerHashOf(block: Omit<StoredBlock, 'hash' | 'transactions'>): string {
  const { number, previousHash, dataHash, committedAtMs } = block;
  return createHash('sha256')
    .update(JSON.stringify([String(number), previousHash, dataHash, committedAtMs]))
    .digest('hex');
}

/** Plays the chain again, block by block, and says what is broken: links and hashes (I6), one settlement per id (I3), money per transaction (I4), what an account may do (I2). */
export function replayChain(blocks: readonly StoredBlock[]): Replay {
  const state = new Map<string, string>();
  const settled = new Map<string, { times: number; txId: string }>();
  const txIds = new Set<string>();
  const violations = linkViolations(blocks);
  const rules = new AccountRules();
  for (const { number, transactions } of blocks) {
    for (const transaction of transactions) {
      if (txIds.has(transaction.txId)) violations.push(`I3 txId ${transaction.txId} is in the chain twice`);
      txIds.add(transaction.txId);
      if (transaction.code !== 'VALID') continue;
      const { writes } = JSON.parse(transaction.bytes.toString('utf8')) as { writes: [string, string | null][] };
      rules.apply(state, transaction.txId, writes);
      const createdMinor = applyWrites(state, settled, transaction.txId, writes);
      if (createdMinor !== 0n) {
        violations.push(`I4 block ${number}: ${transaction.txId} makes ${createdMinor} minor units from nothing`);
      }
    }
  }
  for (const [id, { times }] of settled) if (times > 1) violations.push(`I3 ${id} is settled ${times} times`);
  return { state, violations: [...violations, ...rules.violations], settled, unpaid: rules.unpaid };
}

function linkViolations(blocks: readonly StoredBlock[]): string[] {
  const violations: string[] = [];
  let previousHash = '0'.repeat(64);
  for (const [index, block] of blocks.entries()) {
    if (block.number !== index) violations.push(`I6 block ${block.number} stands where ${index} should`);
    if (block.previousHash !== previousHash)
      violations.push(`I6 block ${block.number} does not follow its predecessor`);
    if (block.dataHash !== dataHashOf(block.transactions)) violations.push(`I6 block ${block.number}: content edited`);
    if (block.hash !== headerHashOf(block)) violations.push(`I6 block ${block.number}: header edited`);
    previousHash = block.hash;
  }
  return violations;
}

/** Applies a transaction; answers what it added to all balances beyond what its movements explain. */
function applyWrites(
  state: Map<string, string>,
  settled: Map<string, { times: number; txId: string }>,
  txId: string,
  writes: readonly [string, string | null][],
): bigint {
  let unexplainedMinor = 0n;
  for (const [key, value] of writes) {
    const before = state.get(key);
    unexplainedMinor += suppliedMinor(key, value) - suppliedMinor(key, before ?? null);
    const [, type, id = ''] = key.split('\u0000');
    if (type === 'I') settled.set(id, { times: (settled.get(id)?.times ?? 0) + 1, txId });
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
  return unexplainedMinor;
}

/** Balances count as supply; a deposit explains supply, pay-outs and refunds explain its end. */
function suppliedMinor(key: string, value: string | null): bigint {
  if (value === null) return 0n;
  const balance = balanceMinor(entryOf(key, value));
  return balance - movedMinor(entryOf(key, value));
}

/** Balance of an account, folded balance or station credit; 0 for every other record. */
export function balanceMinor({ type, row }: StateEntry): bigint {
  if (type === 'A') return BigInt(String(row[2]));
  return type === 'S' || type === 'F' ? BigInt(String(row[1])) : 0n;
}

/** What a movement brought in (deposit) or took out (pay-out, refund: negative); 0 for every other record. */
export function movedMinor({ type, parts, row }: StateEntry): bigint {
  if (type !== 'X') return 0n;
  if (parts[0] === 'deposit') return BigInt(String(row[2]));
  return parts[0] === 'payOut' || parts[0] === 'refund' ? -BigInt(String(row[2])) : 0n;
}
