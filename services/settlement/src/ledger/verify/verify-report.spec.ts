import { describe, expect, it } from '@jest/globals';
import { BREAKS_LISTED_MAX, BreakList } from './verify-report.js';

describe('the list of breaks', () => {
  it('counts all and lists the first, with readable keys', () => {
    const breaks = new BreakList();
    for (let index = 0; index <= BREAKS_LISTED_MAX; index++) {
      breaks.add('STATE_WRONG', { blockNumber: BigInt(index), key: '\u0000A\u0000EV\u0000' }, 'x');
    }
    expect(breaks.count).toBe(BREAKS_LISTED_MAX + 1);
    expect(breaks.listed).toHaveLength(BREAKS_LISTED_MAX);
    expect(breaks.listed[0]).toEqual({ kind: 'STATE_WRONG', blockNumber: '0', txId: null, key: '~A~EV~', detail: 'x' });
  });
});
