import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { Prng } from '../support/prng.js';
import { mutateBytes } from './byte-mutator.js';
import { dueAnswer } from './due-answer.js';
import { Grammar } from './grammar.js';
import { CALL_ACTIONS } from './payloads.js';

const speaker = { idTags: ['T'], connectorIds: [1], transactionId: () => 5 } as const;
const framesOf = (seed: number, count: number): Buffer[] => {
  const grammar = new Grammar(new Prng(seed), speaker);
  return Array.from({ length: count }, () => grammar.next());
};

describe('the grammar', () => {
  const frames = framesOf(1, 6_000);
  const texts = frames.map((frame) => frame.toString('utf8'));

  it('makes the same frames of the same seed, and others of another', () => {
    expect(framesOf(1, 50)).toEqual(frames.slice(0, 50));
    expect(framesOf(2, 50)).not.toEqual(frames.slice(0, 50));
  });

  it('makes every kind: all actions, no calls, no JSON, no UTF-8, hostile keys and sizes', () => {
    const dues = texts.map(dueAnswer);
    const actions = new Set(dues.map(({ action }) => action));
    expect(CALL_ACTIONS.filter((action) => !actions.has(action))).toEqual([]);
    const share = (holds: (text: string) => boolean): number => texts.filter(holds).length / texts.length;
    expect(dues.filter(({ isMalformed }) => isMalformed).length / texts.length).toBeGreaterThan(0.05);
    expect(dues.filter(({ mustBeResult }) => mustBeResult).length / texts.length).toBeGreaterThan(0.3);
    expect(dues.filter(({ answerTo }) => answerTo === undefined).length).toBeGreaterThan(20);
    expect(share((text) => text.includes('__proto__'))).toBeGreaterThan(0.01);
    expect(share((text) => text.includes('9007199254740993'))).toBeGreaterThan(0);
    expect(share((text) => text.includes('\\ud800'))).toBeGreaterThan(0);
    expect(frames.filter((frame) => !isUtf8(frame)).length).toBeGreaterThan(0);
    expect(Math.max(...frames.map(({ length }) => length))).toBeGreaterThan(100_000);
  });
});

describe('the byte mutator', () => {
  it('changes bytes and is seeded', () => {
    const bytes = Buffer.from('[2,"a","Heartbeat",{}]');
    const of = (seed: number): string => mutateBytes(bytes, new Prng(seed)).toString('latin1');
    const made = Array.from({ length: 200 }, (_, seed) => of(seed));
    expect(made.filter((text) => text !== bytes.toString()).length).toBeGreaterThan(180);
    expect(new Set(made).size).toBeGreaterThan(150);
    expect(of(7)).toBe(of(7));
    expect(mutateBytes(Buffer.alloc(0), new Prng(1))).toBeInstanceOf(Buffer);
  });
});
