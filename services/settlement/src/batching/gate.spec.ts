import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.js';

describe('gate', () => {
  it('lets so many through at once, in order, and goes on after a failure', async () => {
    const gate = new Gate(2);
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    const work = (index: number) =>
      gate.run(async () => {
        inside += 1;
        most = Math.max(most, inside);
        order.push(index);
        await new Promise((resolve) => setTimeout(resolve, 2));
        inside -= 1;
        if (index === 1) throw new Error('first of them fails');
        return index;
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await gate.run(async () => 'again')).toBe('again');
  });
});
