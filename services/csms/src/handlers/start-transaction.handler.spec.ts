import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { StartTransactionHandler } from './start-transaction.handler.js';
import { contextOf } from './testing/handler-context.js';

const REQUEST = {
  transactionId: 7,
  connectorId: 1,
  idTag: 'T',
  meterStart: 0,
  meterStop: 0,
  timestamp: '2026-06-01T12:00:00Z',
};

describe('StartTransaction', () => {
  it('answers what the sessions say, with the frame as it came', async () => {
    const seen: unknown[] = [];
    const answer = { transactionId: 7, idTagInfo: { status: 'Accepted' } };
    const handler = new StartTransactionHandler({
      start: async (...args: unknown[]) => (seen.push(args), answer),
    } as never);
    const context = contextOf();
    expect(await handler.handle(REQUEST, context)).toBe(answer);
    expect(seen).toEqual([[REQUEST, context]]);
  });

  it('has no answer when nothing was stored', async () => {
    const handler = new StartTransactionHandler({ start: () => Promise.reject(new StoreUnavailableError()) } as never);
    await expect(handler.handle(REQUEST, contextOf())).rejects.toThrow(StoreUnavailableError);
  });
});
