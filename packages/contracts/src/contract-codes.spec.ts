import { describe, expect, it } from '@jest/globals';
import { CONTRACT_CODES, contractCodeOf, contractMessage } from './contract-codes.js';

describe('contract messages', () => {
  it.each(CONTRACT_CODES.map((code) => [code]))('%s is read back from its message', (code) => {
    expect(contractCodeOf(contractMessage(code, 'some text: with a colon'))).toBe(code);
  });

  it('finds the code behind the words of a peer', () => {
    expect(contractCodeOf('chaincode response 500, UNKNOWN_STATION: CS-1')).toBe('UNKNOWN_STATION');
    expect(contractCodeOf('2 UNKNOWN: evaluate failed: chaincode response 500, NOT_FOUND: no bill')).toBe('NOT_FOUND');
  });

  it.each(['', 'no code here', 'MADE_UP: text', 'NOT_FOUND without colon'])('reads no code from %p', (message) => {
    expect(contractCodeOf(message)).toBeUndefined();
  });
});
