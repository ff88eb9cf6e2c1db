import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { BatchReader, QUESTIONS_PER_QUERY_MAX } from './batch-reader.js';

const double = async (numbers: readonly number[]): Promise<number[]> => numbers.map((number) => number * 2);

describe('BatchReader', () => {
  it('asks what comes together in one query, and what comes meanwhile in the next', async () => {
    const batches: number[][] = [];
    let release = (): void => undefined;
    const reader = new BatchReader<number, number>(async (numbers) => {
      batches.push([...numbers]);
      if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
      return double(numbers);
    });
    const first = Promise.all([reader.ask(1), reader.ask(2)]);
    await new Promise((resolve) => setImmediate(resolve));
    const second = Promise.all([reader.ask(3), reader.ask(4)]);
    release();
    expect([await first, await second]).toEqual([
      [2, 4],
      [6, 8],
    ]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('asks at most QUESTIONS_PER_QUERY_MAX at once', async () => {
    const sizes: number[] = [];
    const reader = new BatchReader<number, number>(async (numbers) => {
      sizes.push(numbers.length);
      return double(numbers);
    });
    const answers = await Promise.all(
      Array.from({ length: QUESTIONS_PER_QUERY_MAX + 1 }, (_, index) => reader.ask(index)),
    );
    expect(answers.at(-1)).toBe(2 * QUESTIONS_PER_QUERY_MAX);
    expect(sizes).toEqual([QUESTIONS_PER_QUERY_MAX, 1]);
  });

  it('passes a fault on to all that asked, and goes on', async () => {
    let isDown = true;
    const reader = new BatchReader<number, number>(async (numbers) => {
      if (isDown) throw new Error('down');
      return double(numbers);
    });
    const asked = [reader.ask(1), reader.ask(2)];
    for (const question of asked) await expect(question).rejects.toThrow('down');
    isDown = false;
    expect(await reader.ask(3)).toBe(6);
  });

  it('lets one question that the store refuses fail alone, and asks nobody twice in an outage', async () => {
    const batches: number[][] = [];
    let isOut = false;
    const reader = new BatchReader<number, number>(async (numbers) => {
      batches.push([...numbers]);
      if (isOut) throw new StoreUnavailableError();
      if (numbers.includes(3)) throw new Error('out of range');
      return double(numbers);
    });
    expect(await Promise.allSettled([1, 2, 3, 4].map((number) => reader.ask(number)))).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'fulfilled', value: 4 },
      { status: 'rejected', reason: new Error('out of range') },
      { status: 'fulfilled', value: 8 },
    ]);
    expect(batches).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]]);
    isOut = true;
    await Promise.allSettled([reader.ask(5), reader.ask(6)]);
    expect(batches.slice(5)).toEqual([[5, 6]]);
  });

  it('never gives one the answer of another when answers are missing', async () => {
    const reader = new BatchReader<number, number>(async () => [1]);
    const asked = [reader.ask(1), reader.ask(2)];
    for (const question of asked) await expect(question).rejects.toThrow('1 answers to 2 questions');
  });
});
