import { beforeEach, describe, expect, it } from '@jest/globals';
import { AnswerBook, MALFORMED_MAX, type Fault } from './answer-book.js';

let faults: Fault[];
let book: AnswerBook;
beforeEach(() => {
  faults = [];
  book = new AnswerBook((fault) => faults.push(fault));
});
const heartbeat = '[2,"a","Heartbeat",{}]';
const alive = '[3,"a",{"currentTime":"2026-01-01T00:00:00Z"}]';
const stop = '[2,"s","StopTransaction",{}]';
const refusal = (id: string, code: string): string => JSON.stringify([4, id, code, 'why', {}]);
const whats = (): string[] => faults.map(({ what }) => what.split(':')[0] ?? '');

describe('the book of a connection', () => {
  it('balances when each frame has its one answer', () => {
    for (const frame of [heartbeat, stop, 'x', '[3,"nobody",{}]']) book.sent(frame);
    expect(book.open).toBe(3);
    for (const answer of [alive, '[3,"s",{}]', refusal('-1', 'FormationViolation')]) book.heard(answer);
    expect([book.open, faults]).toEqual([0, []]);
  });

  it.each([
    ['an answer twice', [heartbeat], [alive, alive], 'an answer that nothing was owed for'],
    ['an answer to noise', ['[3,"a",{}]'], [alive], 'an answer that nothing was owed for'],
    [
      'a refused transaction message',
      [stop],
      [refusal('s', 'FormationViolation')],
      'a transaction message was refused',
    ],
    ['a defect', [heartbeat], [refusal('a', 'InternalError')], 'a defect showed'],
    ['a 2.x spelling', [heartbeat], [refusal('a', 'FormatViolation')], 'a code that the standard does not have'],
    ['an echo', [heartbeat], ['[4,"a","GenericError","x",{"secret":1}]'], 'an error that says more than it may'],
    ['a wrong shape', [heartbeat], ['[3,"a",{}]'], 'an answer that is none'],
    [
      'no transaction id',
      ['[2,"t","StartTransaction",{}]'],
      ['[3,"t",{"transactionId":0,"idTagInfo":{"status":"Invalid"}}]'],
      'an answer that is none',
    ],
    ['garbage taken', ['x'], ['[3,"-1",{}]'], 'a malformed frame was answered as valid'],
    ['no JSON', [heartbeat], ['hello'], 'no OCPP-J message was heard'],
  ])('finds %s', (_what, sent, heard, expected) => {
    for (const frame of sent) book.sent(frame);
    for (const text of heard) book.heard(text);
    expect(whats()).toEqual([expected]);
  });

  it('gives frames with one id their answers in whichever order they came', () => {
    book.sent('[2,"a"]');
    book.sent(heartbeat);
    book.heard(alive);
    book.heard(refusal('a', 'FormationViolation'));
    expect(faults).toEqual([]);
    book.sent('[2,"a"]');
    book.sent(heartbeat);
    book.heard(alive);
    book.heard(alive);
    expect(faults).toHaveLength(1);
  });

  it('finds an answer that never came', () => {
    book.sent(heartbeat);
    book.overdue();
    expect(faults).toEqual([{ what: '0 of 1 answers to "a"', frame: heartbeat }]);
  });

  it('takes a close for its frames, and no other', () => {
    for (let count = 0; count <= MALFORMED_MAX; count++) book.sent('x');
    for (let count = 0; count < MALFORMED_MAX; count++) book.heard(refusal('-1', 'FormationViolation'));
    book.closed(1008, 'too many malformed frames', false);
    book.closed(1009, '', false);
    expect(faults).toEqual([]);
    for (const [code, reason] of [
      [1008, ''],
      [1013, 'not stored'],
      [1006, ''],
      [1011, ''],
    ] as const)
      new AnswerBook((fault) => faults.push(fault)).closed(code, reason, false);
    new AnswerBook((fault) => faults.push(fault)).closed(1006, '', true);
    expect(faults).toHaveLength(4);
  });

  it('finds a connection that is answered beyond the limit', () => {
    for (let count = 0; count <= MALFORMED_MAX; count++) book.sent('[9]');
    book.sent(heartbeat);
    book.heard(alive);
    expect(whats()).toEqual([`answered after ${MALFORMED_MAX + 1} malformed frames`]);
  });
});
