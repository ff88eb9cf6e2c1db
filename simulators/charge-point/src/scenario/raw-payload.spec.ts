import { expect, it } from '@jest/globals';
import { rawPayload } from './raw-payload.js';

it('fills names into text and leaves everything else as it is, duplicate keys and huge numbers too', () => {
  const names = { tag: (name: string) => `T-${name}`, transactionId: () => 7, moment: (text: string) => `<${text}>` };
  const text =
    '{"idTag":"${tag:d1}","transactionId":${tx:s},"timestamp":"${at:now-1h}","a":1e308,"a":NaN,"b":"${x:y}"}';
  expect(rawPayload(text, names)).toBe(
    '{"idTag":"T-d1","transactionId":7,"timestamp":"<now-1h>","a":1e308,"a":NaN,"b":"${x:y}"}',
  );
});
