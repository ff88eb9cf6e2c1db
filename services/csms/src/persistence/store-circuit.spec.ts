import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { isOutage } from './database.js';
import { CIRCUIT_OPEN_MS, StoreCircuit } from './store-circuit.js';

Logger.overrideLogger(false);

function fault(code: string): Error {
  const error = new pg.DatabaseError('refused', 0, 'error');
  error.code = code;
  return error;
}

let nowMs = 0;
let circuit: StoreCircuit;
let statements = 0;
const run = (outcome: Error | 'ok') =>
  circuit.run(async () => {
    statements++;
    if (outcome !== 'ok') throw outcome;
    return outcome;
  });

beforeEach(() => {
  nowMs = 0;
  statements = 0;
  circuit = new StoreCircuit(() => nowMs);
});

describe('isOutage', () => {
  it.each([['57P01'], ['53100'], ['08006'], ['58030'], ['25006']])('%s is one', (code) =>
    expect(isOutage(fault(code))).toBe(true),
  );
  it.each([['23505'], ['40001'], ['22P05']])('%s is about the statement', (code) =>
    expect(isOutage(fault(code))).toBe(false),
  );
  it('a lost connection is one', () => expect(isOutage(new Error('ECONNREFUSED'))).toBe(true));
  it('a defect of ours is none: it must not close every pile’s socket', () => {
    expect(isOutage(new TypeError('undefined is not a function'))).toBe(false);
    expect(isOutage(new RangeError('Invalid time value'))).toBe(false);
  });
});

describe('StoreCircuit', () => {
  it('opens at an outage and then refuses without asking', async () => {
    await expect(run(new Error('ECONNREFUSED'))).rejects.toThrow(StoreUnavailableError);
    await expect(run('ok')).rejects.toThrow(StoreUnavailableError);
    expect([statements, circuit.isOpen]).toEqual([1, true]);
  });

  it('lets one trial through after CIRCUIT_OPEN_MS, and closes when it succeeds', async () => {
    await expect(run(fault('57P01'))).rejects.toThrow(StoreUnavailableError);
    nowMs = CIRCUIT_OPEN_MS;
    const trial = circuit.run(() => new Promise((resolve) => setImmediate(resolve, 'ok')));
    await expect(run('ok')).rejects.toThrow(StoreUnavailableError);
    expect(await trial).toBe('ok');
    expect(await run('ok')).toBe('ok');
  });

  it('opens again when the trial fails', async () => {
    await expect(run(fault('57P01'))).rejects.toThrow(StoreUnavailableError);
    nowMs = CIRCUIT_OPEN_MS;
    await expect(run(fault('57P03'))).rejects.toThrow(StoreUnavailableError);
    nowMs += CIRCUIT_OPEN_MS - 1;
    await expect(run('ok')).rejects.toThrow(StoreUnavailableError);
    expect(statements).toBe(2);
  });

  it('passes a fault of the statement on and stays closed', async () => {
    const refused = fault('23505');
    await expect(run(refused)).rejects.toBe(refused);
    expect(await run('ok')).toBe('ok');
  });
});
