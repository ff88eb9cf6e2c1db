import { describe, expect, it } from '@jest/globals';
import { faultIn, isReadyLine } from './service-process.js';

describe('ready line', () => {
  it.each(['{"ready":true}', '{"service":"csms","ready":true,"httpPort":8080}'])('knows %s', (line) => {
    expect(isReadyLine(line)).toBe(true);
  });

  it.each(['', 'ready', '{"ready":false}', '{"ready":"true"}', '{"level":"log","message":"\\"ready\\""}', '{"ready":true', '["ready"]', 'null'])(
    'is not fooled by %j',
    (line) => {
      expect(isReadyLine(line)).toBe(false);
    },
  );
});

describe('fault of a service that ended', () => {
  it.each([
    ['{"level":"error","message":"port 9000 is taken\\nmore"}', 'port 9000 is taken'],
    ['plain words', 'plain words'],
    ['{"broken', '{"broken'],
    ['x'.repeat(1_000), 'x'.repeat(300)],
  ])('%#: is one short line', (line, fault) => expect(faultIn(line)).toBe(fault));
});
