import { describe, expect, it } from '@jest/globals';
import { andThen } from './eventually.js';

describe('andThen', () => {
  it('steps in the same turn when the value is known', () => {
    expect(andThen(2, (known) => known + 1)).toBe(3);
  });

  it('waits for a value that is not, and for a step that takes time', async () => {
    expect(await andThen(Promise.resolve(2), (known) => known + 1)).toBe(3);
    expect(await andThen(2, (known) => Promise.resolve(known + 1))).toBe(3);
  });

  it('passes a fault on', async () => {
    const fault = new Error('no value');
    await expect(andThen(Promise.reject(fault), () => 1)).rejects.toBe(fault);
  });
});
