import { describe, expect, it } from '@jest/globals';
import { NO_ID, dueAnswer } from './due-answer.js';

describe('what is owed for a frame', () => {
  it.each([
    ['[2,"a","Heartbeat",{}]', { answerTo: 'a', mustBeResult: false, action: 'Heartbeat', isMalformed: false }],
    ['[2,7,"StopTransaction",{}]', { answerTo: '7', mustBeResult: true, isMalformed: false }],
    ['[2,"a","StopTransaction",[]]', { answerTo: 'a', mustBeResult: false, isMalformed: false }],
    ['[2,"a","StopTransaction"]', { answerTo: 'a', mustBeResult: false, isMalformed: true }],
    ['[2,null,"StopTransaction",{}]', { answerTo: NO_ID, mustBeResult: false, isMalformed: true }],
    ['[2,"a",5,{}]', { answerTo: 'a', isMalformed: true }],
    ['[3,"a",{}]', { answerTo: undefined, isMalformed: true }],
    ['[4,"a"]', { answerTo: undefined, isMalformed: true }],
    [`[3,"a",${'['.repeat(100)}${']'.repeat(100)}]`, { answerTo: NO_ID, isMalformed: true }],
    ['[9]', { answerTo: undefined, isMalformed: true }],
    ['["2","a","Heartbeat",{}]', { answerTo: NO_ID, isMalformed: true }],
    ['hello', { answerTo: NO_ID, isMalformed: true }],
    ['{}', { answerTo: NO_ID, isMalformed: true }],
  ])('%s', (frame, due) => {
    expect(dueAnswer(frame)).toMatchObject(due);
  });
});
