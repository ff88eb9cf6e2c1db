import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { compileChaincode, runNode } from './testing/compiled.js';

/** Compiling takes seconds, more on a busy machine. */
jest.setTimeout(60_000);

const SURROUNDINGS: readonly [Readonly<Record<string, string>>, readonly string[]][] = [
  [{ TZ: 'UTC', LANG: 'C' }, []],
  [{ TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }, ['--random-seed=42']],
  [{ TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8' }, ['--hash-seed=7', '--random-seed=7']],
];

beforeAll(compileChaincode, 120_000);

describe('the same invocations in three processes', () => {
  it('give byte-equal read and write sets, results and events', () => {
    const outputs = SURROUNDINGS.map(([variables, options]) => {
      const ended = runNode([...options, 'chaincode/src/testing/determinism-child.mjs'], variables);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      return JSON.parse(ended.stdout);
    });
    expect(outputs[0].supply).toMatchObject({ conserved: true, depositsMinor: '100000' });
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).toEqual(outputs[0]);
  });
});
