import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { parseFrame } from '../connection/frame.js';
import { pileOf } from '../connection/testing/ocpp-harness.js';
import { ACTIONS, isTransactionAction } from './actions.js';
import type { CallReply, InboundCall } from './call.js';
import { BufferedFlagCounter } from './flag-counter.js';
import type { AnyHandler, HandlerRegistry } from './handler-registry.js';
import { OCPP_ERROR_CODES } from './ocpp-error.js';
import { RequestReader } from './request-reader.js';
import { OcppRouter } from './router.js';
import { SchemaValidator } from './schema-validator.js';

/** C10: text in, reply out, never an exception; 1 % of B10's length. */
const RUNS = 4_000;
Logger.overrideLogger(false);
const schemas = new SchemaValidator();
const info = { idTagInfo: { status: 'Invalid' as const } };
const ANSWERS: Readonly<Record<string, object>> = {
  Authorize: info,
  BootNotification: { status: 'Accepted', currentTime: '2026-01-01T00:00:00Z', interval: 300 },
  DataTransfer: { status: 'UnknownVendorId' },
  Heartbeat: { currentTime: '2026-01-01T00:00:00Z' },
  StartTransaction: { transactionId: 7, ...info },
};

/** What handlers were given although the context said that it passed. */
const unsound: string[] = [];
function registryOf(): HandlerRegistry {
  const handlerOf = (action: string): AnyHandler => ({
    handle: async (request, context) => {
      const isSound =
        !context.schemaValid || context.flags.length > 0 || schemas.fault(action, 'req', request) === undefined;
      if (!isSound) unsound.push(JSON.stringify([action, request]));
      return ANSWERS[action] ?? {};
    },
  });
  return { find: handlerOf } as unknown as HandlerRegistry;
}
const pile = pileOf('CP1');
const chargePoints = { find: async () => pile, findCredential: async () => undefined };
const router = new OcppRouter(
  registryOf(),
  new RequestReader(schemas),
  schemas,
  chargePoints,
  new BufferedFlagCounter({ add: async () => undefined }),
);

async function replyTo(text: string): Promise<{ call: InboundCall; reply: CallReply } | undefined> {
  const frame = parseFrame(text);
  if (frame.type !== 'call') return undefined;
  const call = { ...frame, chargePointId: 'CP1', connectionEpoch: 1, rawFrame: text, receivedAtMs: 0 };
  return { call, reply: await router.route(call) };
}

function check(call: InboundCall, reply: CallReply): void {
  const isObject = typeof call.payload === 'object' && call.payload !== null && !Array.isArray(call.payload);
  if (isTransactionAction(call.action) && isObject) expect(reply.type).toBe('result');
  else if (reply.type === 'error') expect(OCPP_ERROR_CODES).toContain(reply.code);
  else expect(reply.type).toBe('result');
}

const hostile = fc.constantFrom(
  '',
  '\u0000',
  '\ud800',
  '\u202e',
  '<img onerror>',
  '${jndi:x}',
  '__proto__',
  '2018-06-01T08:05:00',
  'NaN',
  '-1',
  '1e308',
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 1e308, 2 ** 53, -5, 2147483648));
const field = fc.constantFrom(
  'connectorId',
  'idTag',
  'meterStart',
  'meterStop',
  'timestamp',
  'transactionId',
  'meterValue',
  'sampledValue',
  'value',
  'unit',
  'measurand',
  'reason',
  'transactionData',
  'status',
  'errorCode',
  '__proto__',
  'constructor',
  'vendorId',
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(hostile, number, fc.boolean(), fc.constant(null), fc.constant('2018-06-01T08:05:00Z')),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.array(fc.tuple(field, tie('any')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
})).any;
const action = fc.oneof(fc.constantFrom(...ACTIONS), fc.constantFrom('Reset', 'Nonsense', 'constructor'));
const GOOD = [
  '[2,"1","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"2018-06-01T08:05:00Z"}]',
  '[2,"1","StopTransaction",{"transactionId":7,"meterStop":900,"timestamp":"2018-06-01T09:05:00Z","reason":"Local"}]',
  '[2,"1","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2018-06-01T08:05:00Z","sampledValue":[{"value":"1","unit":"Wh"}]}]}]',
  '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]',
];

describe('fuzz', () => {
  it('answers every call of a grammar of wrong payloads', async () => {
    await fc.assert(
      fc.asyncProperty(action, value, async (name, payload) => {
        const answered = await replyTo(JSON.stringify([2, 'id', name, payload]));
        if (answered !== undefined) check(answered.call, answered.reply);
        expect(answered).toBeDefined();
      }),
      { numRuns: RUNS },
    );
    expect(unsound).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 60_000);

  it('survives mutated bytes of good messages', async () => {
    const mutation = fc.tuple(
      fc.nat(200),
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom('replace', 'insert', 'delete'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...GOOD),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (good, mutations) => {
          const bytes = [...Buffer.from(good)];
          for (const [at, byte, kind] of mutations) {
            if (kind === 'delete') bytes.splice(at % bytes.length, 1);
            else bytes.splice(at % bytes.length, kind === 'replace' ? 1 : 0, byte);
          }
          const answered = await replyTo(Buffer.from(bytes).toString('utf8'));
          if (answered !== undefined) check(answered.call, answered.reply);
        },
      ),
      { numRuns: RUNS },
    );
    expect(unsound).toEqual([]);
  }, 60_000);

  it('takes every one of the good messages as it is', async () => {
    for (const good of GOOD) expect((await replyTo(good))?.reply.type).toBe('result');
  });
});
