import { createHash } from 'node:crypto';
import { canonicalJson } from '@tallywatt/contracts';
import type { ValidationCode } from './ledger.port.js';

/** A transaction as a block keeps it: the bytes that were submitted, and the chain's verdict about them. */
export interface ChainTransaction {
  readonly txId: string;
  readonly code: ValidationCode;
  readonly bytes: Uint8Array;
}
export interface ChainBlock {
  readonly number: bigint;
  readonly previousHash: string;
  readonly dataHash: string;
  readonly hash: string;
  readonly committedAtMs: number;
  readonly transactions: readonly ChainTransaction[];
}
/** Where the chain ends: what the next block links to. */
export interface ChainTip {
  readonly height: bigint;
  readonly hash: string;
  readonly committedAtMs: number;
}

/** Before the first block. */
export const GENESIS_TIP: ChainTip = { height: 0n, hash: '0'.repeat(64), committedAtMs: 0 };

/** Builds the block that follows the tip. Time never runs backwards in the chain. */
export function nextBlock(tip: ChainTip, transactions: readonly ChainTransaction[], nowMs: number): ChainBlock {
  const header = {
    number: tip.height,
    previousHash: tip.hash,
    dataHash: dataHash(transactions),
    committedAtMs: Math.max(nowMs, tip.committedAtMs),
  };
  return { ...header, hash: headerHash(header), transactions };
}

export function tipAfter(block: Pick<ChainBlock, 'number' | 'hash' | 'committedAtMs'>): ChainTip {
  return { height: block.number + 1n, hash: block.hash, committedAtMs: block.committedAtMs };
}

/** SHA-256 (hex) over every transaction's id, verdict and bytes, each with its length: nothing can move between them. */
export function dataHash(transactions: readonly ChainTransaction[]): string {
  const hash = createHash('sha256');
  for (const { txId, code, bytes } of transactions) {
    hash.update(canonicalJson([txId, code, bytes.length]), 'utf8');
    hash.update(bytes);
  }
  return hash.digest('hex');
}

/** SHA-256 (hex) over number, link, content and time. */
export function headerHash(header: Pick<ChainBlock, 'number' | 'previousHash' | 'dataHash' | 'committedAtMs'>): string {
  const text = canonicalJson([header.number.toString(), header.previousHash, header.dataHash, header.committedAtMs]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
