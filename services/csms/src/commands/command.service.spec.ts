import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ProblemError } from '../api/problem.js';
import { PileCaller, type CallOutcome } from '../connection/pile-caller.js';
import { SchemaValidator } from '../ocpp/schema-validator.js';
import type { Authorised } from '../sessions/authorisation.js';
import { CommandCatalog } from './command-catalog.js';
import { COMMAND_ABANDONED_MS, COMMAND_TIMEOUT_MS, CommandService } from './command.service.js';
import { MemoryCommandStore } from './testing/memory-command-store.js';

Logger.overrideLogger(false);
const catalog = new CommandCatalog(new SchemaValidator());

class ScriptedPile extends PileCaller {
  readonly calls: unknown[] = [];
  outcome: CallOutcome = { type: 'result', payload: { status: 'Accepted' } };

  override async call(
    chargePointId: string,
    action: string,
    payload: object,
    timeoutMs: number,
    onSent?: () => void,
  ): Promise<CallOutcome> {
    this.calls.push({ chargePointId, action, payload, timeoutMs });
    const isSent = this.outcome.type !== 'expired' && this.outcome.type !== 'not-connected';
    if (isSent) onSent?.();
    return this.outcome;
  }
  override connectedAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(chargePointIds));
  }
}

let store: MemoryCommandStore;
let pile: ScriptedPile;
let standing: Authorised | Error;
let service: CommandService;
const request = (action: string, payload: object) => ({
  chargePointId: 'CP1',
  action,
  payload,
  requestedBy: 'ada (TELD)',
});

beforeEach(() => {
  store = new MemoryCommandStore();
  pile = new ScriptedPile();
  standing = 'Accepted';
  const authorisation = {
    authorize: async () => {
      if (standing instanceof Error) throw standing;
      return standing;
    },
  };
  service = new CommandService(catalog, store, pile, authorisation);
});

describe('CommandService', () => {
  it('stores the command before it sends it, and answers with the queued resource', async () => {
    const view = await service.request(request('Reset', { type: 'Soft' }));
    expect(view).toMatchObject({
      chargePointId: 'CP1',
      action: 'Reset',
      payload: { type: 'Soft' },
      state: 'queued',
      requestedBy: 'ada (TELD)',
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(store.states).toEqual(['queued', 'sent', 'accepted']);
    expect(pile.calls).toEqual([
      { chargePointId: 'CP1', action: 'Reset', payload: { type: 'Soft' }, timeoutMs: COMMAND_TIMEOUT_MS },
    ]);
    expect(await service.find(view.id)).toMatchObject({
      state: 'accepted',
      result: { status: 'Accepted' },
      error: null,
    });
  });

  it('sends nothing that it could not store', async () => {
    store.isDown = true;
    await expect(service.request(request('ClearCache', {}))).rejects.toThrow('store is down');
    expect(pile.calls).toEqual([]);
  });

  it.each<[CallOutcome, object, string[]]>([
    [
      { type: 'result', payload: { status: 'Rejected' } },
      { state: 'rejected', result: { status: 'Rejected' }, error: null },
      ['sent'],
    ],
    [
      { type: 'result', payload: { status: 'Maybe' } },
      { state: 'error', result: { status: 'Maybe' }, error: { code: 'PropertyConstraintViolation' } },
      ['sent'],
    ],
    [
      { type: 'error', code: 'NotSupported', description: 'no', details: { a: 1 } },
      { state: 'error', result: null, error: { code: 'NotSupported', description: 'no', details: { a: 1 } } },
      ['sent'],
    ],
    [{ type: 'timeout' }, { state: 'timeout', error: { code: 'timeout' } }, ['sent']],
    [{ type: 'expired' }, { state: 'expired', error: { code: 'expired' } }, []],
    [{ type: 'not-connected' }, { state: 'expired', error: { code: 'not-connected' } }, []],
  ])('ends with what happened: %j', async (outcome, expected, between) => {
    pile.outcome = outcome;
    const ending = await service.execute(request('ClearCache', {}));
    expect(ending).toMatchObject(expected);
    expect(store.states).toEqual(['queued', ...between, ending.state]);
  });

  it.each([
    ['MakeCoffee', {}, '/action', 'unknown-action'],
    ['Reset', {}, '/payload', 'bad-payload'],
    ['UnlockConnector', { connectorId: 0 }, '/payload', 'bad-payload'],
  ])('refuses %s %j without storing it', async (action, payload, pointer, code) => {
    const refusal: unknown = await service.request(request(action, payload)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ProblemError);
    expect(refusal).toMatchObject({ problem: { status: 400, errors: [{ pointer, code }] } });
    expect(store.states).toEqual([]);
  });

  it.each<Authorised>(['Blocked', 'Expired', 'Invalid'])('does not start a driver who is %s', async (status) => {
    standing = status;
    expect(await service.execute(request('RemoteStartTransaction', { idTag: 'A' }))).toMatchObject({
      state: 'rejected',
      error: { code: status },
    });
    expect(pile.calls).toEqual([]);
    expect(store.states).toEqual(['queued', 'rejected']);
    await service.execute(request('RemoteStopTransaction', { transactionId: 7 }));
    expect(pile.calls).toHaveLength(1);
  });

  it('starts nobody while the standing cannot be read', async () => {
    standing = new Error('database is down');
    expect(await service.execute(request('RemoteStartTransaction', { idTag: 'A' }))).toMatchObject({
      state: 'rejected',
    });
    expect(pile.calls).toEqual([]);
  });

  it('ends as abandoned only what can no longer end by itself', () => {
    expect(COMMAND_ABANDONED_MS).toBeGreaterThan(2 * COMMAND_TIMEOUT_MS);
  });
});
