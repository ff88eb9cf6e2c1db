import { describe, expect, it } from '@jest/globals';
import { RECENT_VERDICTS_MAX, VerdictBoard } from './verdict-board.js';

const status = (txId: string) => ({ txId, blockNumber: 1n, code: 'VALID' });

describe('the board of verdicts', () => {
  it('tells every caller that waits, and later ones at once', async () => {
    const board = new VerdictBoard();
    const waiting = [board.wait('a', 5_000), board.wait('a', 5_000)];
    board.post(status('a'));
    expect(await Promise.all(waiting)).toEqual([status('a'), status('a')]);
    expect(await board.wait('a', 0)).toEqual(status('a'));
    expect(board.known('b')).toBeUndefined();
  });

  it('answers "not yet" when the time is over', async () => {
    const board = new VerdictBoard();
    expect(await board.wait('a', 5)).toBeUndefined();
    expect(await board.wait('a', 0)).toBeUndefined();
    board.post(status('a'));
    expect(board.known('a')).toEqual(status('a'));
  });

  it('forgets old verdicts, so that memory stays bounded', () => {
    const board = new VerdictBoard();
    for (let index = 0; index <= RECENT_VERDICTS_MAX; index++) board.post(status(String(index)));
    expect(board.known('0')).toBeUndefined();
    expect(board.known(String(RECENT_VERDICTS_MAX))).toBeDefined();
  });
});
