import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ChargePoint, ChargePointStore } from '../piles/charge-point.js';
import type { InboundCall } from './call.js';
import { BufferedFlagCounter } from './flag-counter.js';
import type { AnyHandler, HandlerRegistry } from './handler-registry.js';
import { StoreUnavailableError, type CallContext } from './handles.decorator.js';
import { OCPP_ERROR_DESCRIPTIONS, OcppError } from './ocpp-error.js';
import { RequestReader } from './request-reader.js';
import { OcppRouter } from './router.js';
import { SchemaValidator } from './schema-validator.js';

Logger.overrideLogger(false);
const schemas = new SchemaValidator();
const timestamp = '2018-06-01T08:05:00Z';
const pile: ChargePoint = {
  chargePointId: 'CP1',
  operatorId: 'TELD',
  stationId: 'S1',
  connectors: [{ connectorId: 1, ratedPowerW: 7000, type: 'AC' }],
  clock: 'live',
  simulated: false,
  strict: false,
  subprotocolOptional: false,
  securityProfile: 1,
};

const seen: { request: unknown; context: CallContext }[] = [];
let respond: () => Promise<object>;
let flags: BufferedFlagCounter;

const handler: AnyHandler = {
  handle: async (request, context) => {
    seen.push({ request, context });
    return respond();
  },
};

function routerFor(chargePoint: ChargePoint | undefined, find?: ChargePointStore['find']): OcppRouter {
  const store: ChargePointStore = { find: find ?? (async () => chargePoint), findCredential: async () => undefined };
  const registry = { find: () => handler } as unknown as HandlerRegistry;
  return new OcppRouter(registry, new RequestReader(schemas), schemas, store, flags);
}

function call(action: string, payload: unknown, more: Partial<InboundCall> = {}): InboundCall {
  const rawFrame = JSON.stringify([2, 'm1', action, payload]);
  return {
    chargePointId: 'CP1',
    connectionEpoch: 1,
    messageId: 'm1',
    action,
    payload,
    rawFrame,
    receivedAtMs: 5,
    flags: [],
    ...more,
  };
}
const refused = (code: keyof typeof OCPP_ERROR_DESCRIPTIONS) => ({
  type: 'error',
  code,
  description: OCPP_ERROR_DESCRIPTIONS[code],
});

beforeEach(() => {
  seen.length = 0;
  flags = new BufferedFlagCounter({ add: async () => undefined });
  respond = async () => ({});
});

describe('OcppRouter', () => {
  it('answers with what the handler returns, and tells the handler pile and frame', async () => {
    respond = async () => ({ currentTime: timestamp });
    expect(await routerFor(pile).route(call('Heartbeat', {}))).toEqual({
      type: 'result',
      payload: { currentTime: timestamp },
    });
    expect(seen[0]?.context).toEqual({
      chargePoint: pile,
      messageId: 'm1',
      rawFrame: '[2,"m1","Heartbeat",{}]',
      receivedAtMs: 5,
      flags: [],
      schemaValid: true,
    });
  });

  it('answers an unknown action NotImplemented, a known but unhandled one NotSupported', async () => {
    expect(await routerFor(pile).route(call('MakeCoffee', {}))).toEqual(refused('NotImplemented'));
    expect(await routerFor(pile).route(call('__proto__', {}))).toEqual(refused('NotImplemented'));
    expect(await routerFor(pile).route(call('Reset', {}))).toEqual(refused('NotSupported'));
  });

  it('refuses what no leniency can read, without echoing it', async () => {
    const reply = await routerFor(pile).route(call('Authorize', { secret: 'canary' }));
    expect(reply).toEqual(refused('OccurenceConstraintViolation'));
    expect(JSON.stringify(reply)).not.toContain('canary');
    expect(seen).toEqual([]);
  });

  it('cleans and counts what it can read', async () => {
    respond = async () => ({ idTagInfo: { status: 'Accepted' } });
    await routerFor(pile).route(call('Authorize', { idTag: 'A', vendor: 1 }));
    await routerFor(pile).route(call('Authorize', { idTag: 'A', vendor: 1 }));
    expect(seen[0]?.request).toEqual({ idTag: 'A' });
    expect(flags.countsOf('CP1')).toEqual({ extra_field: 2 });
    expect(flags.countsOf('CP2')).toEqual({});
  });

  it('refuses instead for a strict station', async () => {
    expect(await routerFor({ ...pile, strict: true }).route(call('Authorize', { idTag: 'A', vendor: 1 }))).toEqual(
      refused('FormationViolation'),
    );
  });

  it.each(['StartTransaction', 'StopTransaction', 'MeterValues'])(
    'never refuses %s for its values: the handler gets the raw object',
    async (action) => {
      respond = async () =>
        action === 'StartTransaction' ? { transactionId: 7, idTagInfo: { status: 'Invalid' } } : {};
      for (const strict of [true, false]) {
        for (const payload of [{}, { meterStop: -5 }, { connectorId: [], meterValue: 5 }]) {
          const reply = await routerFor({ ...pile, strict }).route(call(action, payload));
          expect(reply.type).toBe('result');
          expect(seen.at(-1)?.request).toBe(payload);
          expect(seen.at(-1)?.context.schemaValid).toBe(false);
          expect(seen.at(-1)?.context.flags).toContain('schema_violation');
        }
      }
    },
  );

  it.each([null, [], 'text', 5])(
    'refuses a transaction message whose payload is %j, no object at all',
    async (payload) => {
      expect(await routerFor(pile).route(call('MeterValues', payload))).toMatchObject({ type: 'error' });
      expect(seen).toEqual([]);
    },
  );

  it('answers nothing and closes when the store is down', async () => {
    respond = () => Promise.reject(new StoreUnavailableError());
    for (const action of ['StopTransaction', 'Heartbeat']) {
      expect(await routerFor(pile).route(call(action, {}))).toEqual({
        type: 'close',
        reason: 'store unavailable',
        outage: true,
      });
    }
    const down = routerFor(undefined, () => Promise.reject(new StoreUnavailableError()));
    expect(await down.route(call('Heartbeat', {}))).toEqual({
      type: 'close',
      reason: 'store unavailable',
      outage: true,
    });
  });

  it('turns a coded refusal into CALLERROR, but never for a transaction message', async () => {
    respond = () => Promise.reject(new OcppError('SecurityError'));
    expect(await routerFor(pile).route(call('Heartbeat', {}))).toEqual(refused('SecurityError'));
    expect(await routerFor(pile).route(call('StopTransaction', {}))).toEqual({ type: 'close', reason: 'not stored' });
  });

  it('hides a defect behind InternalError, and never acknowledges a transaction message over one', async () => {
    respond = () => Promise.reject(new TypeError('canary'));
    expect(await routerFor(pile).route(call('Heartbeat', {}))).toEqual(refused('InternalError'));
    for (const action of ['StartTransaction', 'StopTransaction', 'MeterValues']) {
      expect(await routerFor(pile).route(call(action, {}))).toEqual({ type: 'close', reason: 'not stored' });
    }
  });

  it('sends no answer of ours that violates its schema', async () => {
    respond = async () => ({ currentTime: 'soon' });
    expect(await routerFor(pile).route(call('Heartbeat', {}))).toEqual(refused('InternalError'));
  });

  it('closes the socket of a pile that is no longer registered', async () => {
    expect(await routerFor(undefined).route(call('Heartbeat', {}))).toEqual({
      type: 'close',
      reason: 'not registered',
    });
  });
});
