import { describe, expect, it } from '@jest/globals';
import { COMPILE_MS_MAX, FABRIC_VERSION_MIN, isAtLeast, versionIn } from './binaries.js';

it('compiling may take a loaded machine minutes, not for ever', () => {
  expect(COMPILE_MS_MAX).toBeGreaterThanOrEqual(10 * 60_000);
  expect(COMPILE_MS_MAX).toBeLessThanOrEqual(25 * 60_000);
});

describe('version of a program', () => {
  it.each([
    ['go version go1.26.8 linux/amd64', [1, 26, 8]],
    ['peer:\n Version: v3.1.1\n Commit SHA: 435a7f1', [3, 1, 1]],
    ['go version go1.24 linux/amd64', [1, 24]],
  ])('in %j', (text, version) => expect(versionIn(text)).toEqual(version));

  it('may be missing', () => expect(versionIn('Version: latest')).toBeUndefined());

  it.each([
    [[3, 1, 1], true],
    [[3, 2], true],
    [[4, 0, 0], true],
    [[3, 1, 0], false],
    [[2, 5, 12], false],
    [[3], false],
  ])('%j against the least one is %s', (version, answer) => {
    expect(isAtLeast(version, FABRIC_VERSION_MIN)).toBe(answer);
  });
});
