import { describe, expect, it } from '@jest/globals';
import { KeyedMutex } from './keyed-mutex.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('KeyedMutex', () => {
  it('runs one key in order and other keys meanwhile', async () => {
    const mutex = new KeyedMutex();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name}+`);
      await turn();
      log.push(`${name}-`);
    };
    await Promise.all([mutex.run('x', work('1')), mutex.run('x', work('2')), mutex.run('y', work('3'))]);
    expect(log.indexOf('1-')).toBeLessThan(log.indexOf('2+'));
    expect(log.indexOf('3+')).toBeLessThan(log.indexOf('1-'));
  });

  it('goes on after a failure, and gives it to its caller only', async () => {
    const mutex = new KeyedMutex();
    const failing = mutex.run('x', () => Promise.reject(new Error('no')));
    const next = mutex.run('x', async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
