import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('Reset', () => {
  describeCommand('Reset', {
    good: [{ type: 'Soft' }, { type: 'Hard' }],
    bad: [
      [{}, 'OccurenceConstraintViolation'],
      [{ type: 'Warm' }, 'PropertyConstraintViolation'],
      [{ type: 'Soft', x: 1 }, 'FormationViolation'],
    ],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
      ['{"status":"Scheduled"}', 'error'],
      ['{"status":"Accepted","vendor":1}', 'accepted'],
      ['{}', 'error'],
    ],
  });
});
