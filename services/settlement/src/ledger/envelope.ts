import { createHash } from 'node:crypto';
import { CALLER_ROLES, canonicalJson, LEDGER_FUNCTIONS, type Caller, type LedgerFunction } from '@tallywatt/contracts';
import { z } from 'zod';
import { LedgerError } from './ledger.port.js';

/** What one transaction is, from endorsement to the block: invocation, caller, versions read, writes, event. */
export interface Envelope {
  readonly nonce: string;
  readonly creator: Caller;
  readonly fn: LedgerFunction;
  /** JSON as submitted. */
  readonly args: string;
  readonly timestampMs: number;
  /** Key and the version that endorsement saw; null: the key did not exist. */
  readonly reads: readonly (readonly [string, string | null])[];
  /** Key and value (UTF-8 text); null: deleted. In key order. */
  readonly writes: readonly (readonly [string, string | null])[];
  readonly event: readonly [string, string] | null;
}

const ENVELOPE_VERSION = 1;
const pair = z.tuple([z.string(), z.string().nullable()]);
const schema = z.strictObject({
  v: z.literal(ENVELOPE_VERSION),
  nonce: z.string().regex(/^[0-9a-f]{48}$/),
  creator: z.strictObject({ mspId: z.string(), role: z.enum(CALLER_ROLES), evId: z.string().optional() }),
  fn: z.enum(LEDGER_FUNCTIONS),
  args: z.string(),
  timestampMs: z.number().int(),
  reads: z.array(pair),
  writes: z.array(pair),
  event: z.tuple([z.string(), z.string()]).nullable(),
});

/** One spelling per transaction: equal bytes are the same transaction. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return Buffer.from(canonicalJson({ v: ENVELOPE_VERSION, ...envelope }), 'utf8');
}

/** @throws LedgerError `final` MALFORMED_TRANSACTION for anything that {@link encodeEnvelope} did not write. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  const parsed = schema.safeParse(parseJson(bytes));
  if (!parsed.success)
    throw new LedgerError('final', 'MALFORMED_TRANSACTION', 'the bytes are no transaction of this ledger');
  const { v: _version, creator, ...envelope } = parsed.data;
  const { evId, ...identity } = creator;
  return { ...envelope, creator: evId === undefined ? identity : { ...identity, evId } };
}

/** txId = SHA-256 (hex) over nonce and creator, as in Fabric: known before endorsement, the same on every submit. */
export function transactionId(nonce: string, creator: Caller): string {
  return createHash('sha256').update(nonce, 'hex').update(canonicalJson(creator), 'utf8').digest('hex');
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
