import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Idempotency, idempotencyKeyOf, referenceOf } from './idempotency.js';
import { contextOf } from './request-context.js';
import { SettlementClient } from './settlement-client.js';

type Movement =
  | {
      readonly operation: 'deposit' | 'refund';
      readonly input: { readonly evId: string; readonly amountMinor: string };
    }
  | { readonly operation: 'payOut'; readonly input: { readonly stationId: string; readonly amountMinor: string } }
  | { readonly operation: 'issueCreditNote'; readonly input: { readonly billId: string; readonly reason: string } };

/** POSTs that move money: the `Idempotency-Key` header is required and becomes the ledger's external reference. */
@Injectable()
export class MoneyMovement {
  constructor(
    private readonly settlement: SettlementClient,
    private readonly idempotency: Idempotency,
  ) {}

  async perform(request: Request, movement: Movement): Promise<unknown> {
    const context = contextOf(request);
    const key = idempotencyKeyOf(request);
    const identity = { operation: movement.operation, ...movement.input };
    return this.idempotency.run(context.principal.organisation, key, identity, () =>
      this.settlement.call(movement.operation, context, withReference(movement, referenceOf(key))),
    );
  }
}

function withReference(movement: Movement, reference: string) {
  switch (movement.operation) {
    case 'deposit':
    case 'refund':
      return { ...movement.input, reference };
    case 'payOut':
      return { ...movement.input, reference };
    case 'issueCreditNote':
      return { ...movement.input, reference };
  }
}
