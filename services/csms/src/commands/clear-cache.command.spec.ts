import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('ClearCache', () => {
  describeCommand('ClearCache', {
    good: [{}],
    bad: [[{ all: true }, 'FormationViolation']],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
      ['{}', 'error'],
    ],
  });
});
