import { describe, expect, it } from '@jest/globals';
import { isReadyLine } from './service-process.js';

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
