import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('UnlockConnector', () => {
  describeCommand('UnlockConnector', {
    good: [{ connectorId: 1 }],
    bad: [
      [{ connectorId: 0 }, 'connectorId'],
      [{}, 'OccurenceConstraintViolation'],
    ],
    answers: [
      ['{"status":"Unlocked"}', 'accepted'],
      ['{"status":"UnlockFailed"}', 'rejected'],
      ['{"status":"NotSupported"}', 'rejected'],
    ],
  });
});
