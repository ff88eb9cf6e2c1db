import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { StaleChangeError } from './session.repository.js';
import { retryWhenStale, STALE_ATTEMPTS_MAX } from './stale.js';

async function attempts(failures: number, error: Error): Promise<number> {
  let count = 0;
  await retryWhenStale(async () => {
    count++;
    if (count <= failures) throw error;
  });
  return count;
}

describe('retryWhenStale', () => {
  it('decides anew until it fits', async () => {
    expect(await attempts(0, new StaleChangeError())).toBe(1);
    expect(await attempts(STALE_ATTEMPTS_MAX - 1, new StaleChangeError())).toBe(STALE_ATTEMPTS_MAX);
  });

  it('gives up as if the store were away, so that the pile keeps its message', async () => {
    await expect(attempts(STALE_ATTEMPTS_MAX, new StaleChangeError())).rejects.toThrow(StoreUnavailableError);
  });

  it('does not repeat another fault', async () => {
    await expect(attempts(1, new RangeError('x'))).rejects.toThrow(RangeError);
  });
});
