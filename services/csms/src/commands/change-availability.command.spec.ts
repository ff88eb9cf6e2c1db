import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('ChangeAvailability', () => {
  describeCommand('ChangeAvailability', {
    good: [
      { connectorId: 0, type: 'Inoperative' },
      { connectorId: 2, type: 'Operative' },
    ],
    bad: [
      [{ connectorId: -1, type: 'Operative' }, 'connectorId'],
      [{ connectorId: '1', type: 'Operative' }, 'TypeConstraintViolation'],
      [{ connectorId: 1 }, 'OccurenceConstraintViolation'],
    ],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"Scheduled"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
    ],
  });
});
