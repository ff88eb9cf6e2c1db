import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { StopTransactionHandler } from './stop-transaction.handler.js';
import { contextOf } from './testing/handler-context.js';

const REQUEST = {
  transactionId: 7,
  connectorId: 1,
  idTag: 'T',
  meterStart: 0,
  meterStop: 0,
  timestamp: '2026-06-01T12:00:00Z',
};

describe('StopTransaction', () => {
  it('answers what the sessions say, with the frame as it came', async () => {
    const seen: unknown[] = [];
    const answer = { transactionId: 7, idTagInfo: { status: 'Accepted' } };
    const handler = new StopTransactionHandler({
      stop: async (...args: unknown[]) => (seen.push(args), answer),
    } as never);
    const context = contextOf();
    expect(await handler.handle(REQUEST, context)).toBe(answer);
    expect(seen).toEqual([[REQUEST, context]]);
  });

  it('lets a crash strike before the commit and between commit and answer', async () => {
    const story: string[] = [];
    const listeners = ['frameReceived', 'stopCommitted'].map((name) => [name, () => void story.push(name)] as const);
    for (const [name, listener] of listeners) subscribe(`tallywatt:${name}`, listener);
    const handler = new StopTransactionHandler({ stop: async () => (story.push('commit'), {}) } as never);
    await handler.handle(REQUEST, contextOf());
    story.push('answer');
    for (const [name, listener] of listeners) unsubscribe(`tallywatt:${name}`, listener);
    expect(story).toEqual(['frameReceived', 'commit', 'stopCommitted', 'answer']);
  });

  it('has no answer when nothing was stored', async () => {
    const handler = new StopTransactionHandler({ stop: () => Promise.reject(new StoreUnavailableError()) } as never);
    await expect(handler.handle(REQUEST, contextOf())).rejects.toThrow(StoreUnavailableError);
  });
});
