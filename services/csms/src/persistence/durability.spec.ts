import { describe, expect, it } from '@jest/globals';
import { assertDurable, DurabilityError } from './durability.js';

const settings = (changes: Record<string, string> = {}) =>
  Object.entries({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', ...changes }).map(
    ([name, setting]) => ({ name, setting }),
  );

describe('assertDurable', () => {
  it.each(['on', 'remote_write', 'remote_apply'])('takes synchronous_commit = %s', (level) => {
    expect(() => assertDurable(settings({ synchronous_commit: level }))).not.toThrow();
  });

  it.each([
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
    ['synchronous_commit', 'off'],
    ['synchronous_commit', 'local'],
  ])('refuses %s = %s', (name, value) => {
    expect(() => assertDurable(settings({ [name]: value }))).toThrow(
      new DurabilityError(`PostgreSQL would lose commits: ${name} = ${value}`),
    );
  });

  it('names every fault at once', () => {
    expect(() => assertDurable(settings({ fsync: 'off', synchronous_commit: 'off' }))).toThrow(
      'fsync = off, synchronous_commit = off',
    );
  });
});
