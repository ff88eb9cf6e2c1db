import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LEDGER_ID_PATTERN, OPERATION_TIMEOUT_MS } from '@tallywatt/contracts';
import type { Request } from 'express';
import { IdempotencyStore, type IdempotencyUse } from './idempotency.store.js';
import { conflict, invalidRequest, unprocessable } from './problem.js';

/** finance.md section 7. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
const VISIBLE_ASCII = /^[\x21-\x7E]+$/;
/** Longer than settlement may take to answer, so that a slow attempt is not run twice at once. */
export const IDEMPOTENCY_LEASE_MS = OPERATION_TIMEOUT_MS + 10_000;

/** @throws ProblemError 400 without a usable `Idempotency-Key` */
export function idempotencyKeyOf(request: Request): string {
  const key = request.get('idempotency-key');
  if (key !== undefined && key.length <= IDEMPOTENCY_KEY_LENGTH_MAX && VISIBLE_ASCII.test(key)) return key;
  const message = `needed: 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} visible ASCII characters`;
  throw invalidRequest([{ pointer: '/headers/idempotency-key', code: 'idempotency_key', message }]);
}

/** The ledger's external reference of a key: the key itself where it may be part of a state key, else its hash. */
export function referenceOf(key: string): string {
  return LEDGER_ID_PATTERN.test(key) ? key : createHash('sha256').update(key).digest('base64url');
}

/** Same key and input: the stored answer. Other input: 422. In flight: 409. A failed attempt is run again, not replayed. */
@Injectable()
export class Idempotency {
  constructor(private readonly store: IdempotencyStore) {}

  async run(organisation: string, key: string, input: object, action: () => Promise<unknown>): Promise<unknown> {
    const use: IdempotencyUse = { organisation, key, inputDigest: digestOf(input) };
    const begin = await this.store.begin(use, IDEMPOTENCY_LEASE_MS);
    switch (begin.type) {
      case 'answered':
        return begin.answer;
      case 'other-input':
        throw unprocessable('idempotency_key_reused', 'This Idempotency-Key was used with another body.');
      case 'in-flight':
        throw conflict('idempotency_in_flight', 'A request with this Idempotency-Key is still running.');
      case 'run':
        return this.attempt(use, action);
    }
  }

  private async attempt(use: IdempotencyUse, action: () => Promise<unknown>): Promise<unknown> {
    try {
      const answer = await action();
      await this.store.complete(use, answer);
      return answer;
    } catch (fault) {
      await this.store.release(use);
      throw fault;
    }
  }
}

/** Inputs are flat objects of validated values; sorted keys make the order of the body's members irrelevant. */
function digestOf(input: object): Buffer {
  const entries = Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest();
}
