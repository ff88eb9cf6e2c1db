import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('GetConfiguration', () => {
  describeCommand('GetConfiguration', {
    good: [{}, { key: ['HeartbeatInterval'] }, { key: [] }],
    bad: [
      [{ key: 'HeartbeatInterval' }, 'TypeConstraintViolation'],
      [{ key: ['k'.repeat(51)] }, 'PropertyConstraintViolation'],
    ],
    answers: [
      ['{}', 'accepted'],
      ['{"configurationKey":[{"key":"A","readonly":true,"value":"1"}],"unknownKey":["B"]}', 'accepted'],
      ['{"configurationKey":[{"key":"A","readonly":true,"value":1}]}', 'accepted'],
      ['{"configurationKey":[{"readonly":true}]}', 'error'],
      ['"none"', 'error'],
    ],
  });
});
