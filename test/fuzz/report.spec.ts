import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { FAULTS_KEPT_MAX } from './fuzz-run.js';
import { COMPLAINTS_MAX, FINDS_MAX } from './in-process.js';
import { PAYLOAD_BYTES_MAX } from './in-process-line.js';
import { FRAMES_MAX, FRAMES_MIN, parseOptions } from './options.js';
import { OUTAGES_MAX, isOutageClose, isOutageLine } from './outages.js';
import { ANSWER_MS_MAX, STOLEN_IDS_MAX } from './pile-run.js';
import { Progress } from './progress.js';
import { HEAP_GROWTH_BYTES_MAX, linesOf, reportOf } from './report.js';
import { DIALS_MAX, SETTLED_MS_MAX } from './run-over-sockets.js';
import { SCALE_MAX, pilesOf } from './world.js';

const options = { mode: 'in-process', seed: 7, frames: 1_000, json: undefined } as const;
const session = {
  chargePointId: 'C',
  idTag: 'E',
  transactionId: 1,
  meterStartWh: 0,
  meterStopWh: 1,
  startedAt: '',
  endedAt: '',
};
const fuzzed = {
  frames: 1_000,
  seconds: 2,
  connections: 3,
  faultCount: 0,
  faults: [],
  heap: { growthBytes: 1, endBytes: 2 },
  honest: [session],
  runs: new Map(),
};
const bills = { right: 1, credible: 0, wrong: [] };
const health = { crashes: [], violations: [], outages: 0 };

describe('the report', () => {
  it('holds when nothing is broken, and ends with the seed', () => {
    const report = reportOf(options, fuzzed, bills, health);
    expect(report.held).toBe(true);
    expect(linesOf(report).at(-1)).toBe('held: in-process, seed 7');
  });

  it.each([
    ['a fault', reportOf(options, { ...fuzzed, faultCount: 1, faults: [{ what: 'w', frame: 'f' }] }, bills, health)],
    ['a crash', reportOf(options, fuzzed, bills, { ...health, crashes: ['c'] })],
    ['a broken invariant', reportOf(options, fuzzed, bills, { ...health, violations: ['I8'] })],
    ['outages', reportOf(options, fuzzed, bills, { ...health, outages: OUTAGES_MAX + 1 })],
    ['a wrong bill', reportOf(options, fuzzed, { ...bills, wrong: ['w'] }, health)],
    ['a lost bill', reportOf(options, fuzzed, { ...bills, right: 0 }, health)],
    ['nothing to bill', reportOf(options, { ...fuzzed, honest: [] }, { ...bills, right: 0 }, health)],
    [
      'a growing heap',
      reportOf(options, { ...fuzzed, heap: { growthBytes: HEAP_GROWTH_BYTES_MAX, endBytes: 0 } }, bills, health),
    ],
  ])('is broken by %s', (_what, report) => {
    expect(report.held).toBe(false);
    expect(linesOf(report).at(-1)).toBe('BROKEN: in-process, seed 7');
  });

  it('tells an outage from a message that was not stored', () => {
    expect([isOutageClose(1013, 'store unavailable'), isOutageClose(1013, 'not stored')]).toEqual([true, false]);
    expect(isOutageLine('store unavailable: timeout')).toBe(true);
    expect(isOutageLine('{"message":"handler failed"}')).toBe(false);
  });
});

describe('options', () => {
  it('draws a seed unless one is named', () => {
    expect(parseOptions(['sockets'], () => 5)).toEqual({ mode: 'sockets', frames: 20_000, seed: 5, json: undefined });
    const argv = ['in-process', '--frames', '1000000', '--seed', '9', '--json', 'f'];
    expect(parseOptions(argv, () => 5)).toEqual({ mode: 'in-process', frames: 1_000_000, seed: 9, json: 'f' });
  });

  it.each([
    [[]],
    [['carrier-pigeon']],
    [['sockets', '--frames', String(FRAMES_MIN - 1)]],
    [['sockets', '--frames', String(FRAMES_MAX + 1)]],
  ])('refuses %j', (argv) => {
    expect(() => parseOptions(argv, () => 5)).toThrow(CommanderError);
  });
});

describe('progress', () => {
  it('tells rate and time left', () => {
    let nowMs = 0;
    const written: string[] = [];
    const progress = new Progress(6_400, { isTTY: true, write: (text) => written.push(text) }, () => nowMs);
    nowMs = 10_000;
    for (let frame = 0; frame < 640; frame++) progress.tick();
    expect(progress.line()).toMatch(/^█{3}░{27} 10 % · 64 frames\/s · 1 min 30 s left$/);
    expect(written.length).toBeGreaterThan(0);
  });
});

describe('limits', () => {
  it('are those of the central system, or wide enough for a slow machine', () => {
    expect(PAYLOAD_BYTES_MAX).toBe(262_144);
    expect(ANSWER_MS_MAX).toBeGreaterThanOrEqual(30_000);
    expect(SETTLED_MS_MAX).toBeGreaterThan(ANSWER_MS_MAX);
    expect(DIALS_MAX * 200).toBeGreaterThanOrEqual(30_000);
    expect(FINDS_MAX * 2_000).toBeGreaterThanOrEqual(30_000);
    expect([STOLEN_IDS_MAX, FAULTS_KEPT_MAX, COMPLAINTS_MAX].every((limit) => limit <= 200)).toBe(true);
  });

  it('keep the number of piles between one world and SCALE_MAX of them', () => {
    const count = (frames: number): number => pilesOf({ seed: 1, frames }).length;
    expect(count(1_000_000)).toBe(SCALE_MAX * count(500));
  });
});
