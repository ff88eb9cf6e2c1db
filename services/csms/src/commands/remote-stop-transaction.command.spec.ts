import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('RemoteStopTransaction', () => {
  describeCommand('RemoteStopTransaction', {
    good: [{ transactionId: 1 }, { transactionId: 2147483647 }],
    bad: [
      [{}, 'OccurenceConstraintViolation'],
      [{ transactionId: 0 }, 'positive'],
      [{ transactionId: -1 }, 'positive'],
      [{ transactionId: '7' }, 'TypeConstraintViolation'],
    ],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
    ],
  });
});
