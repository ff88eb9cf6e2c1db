import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { MeterValuesHandler } from './meter-values.handler.js';
import { contextOf } from './testing/handler-context.js';

const REQUEST = { connectorId: 1, meterValue: [] };

describe('MeterValues', () => {
  it('is acknowledged after it was kept', async () => {
    const seen: unknown[] = [];
    const handler = new MeterValuesHandler({ record: async (...args: unknown[]) => void seen.push(args) } as never);
    const context = contextOf();
    expect(await handler.handle(REQUEST, context)).toEqual({});
    expect(seen).toEqual([[REQUEST, context]]);
  });

  it('is not acknowledged when it was not', async () => {
    const handler = new MeterValuesHandler({ record: () => Promise.reject(new StoreUnavailableError()) } as never);
    await expect(handler.handle(REQUEST, contextOf())).rejects.toThrow(StoreUnavailableError);
  });
});
