import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('ChangeConfiguration', () => {
  describeCommand('ChangeConfiguration', {
    good: [{ key: 'HeartbeatInterval', value: '300' }],
    bad: [
      [{ key: 'HeartbeatInterval', value: 300 }, 'TypeConstraintViolation'],
      [{ key: 'k'.repeat(51), value: '' }, 'PropertyConstraintViolation'],
      [{ key: 'AuthorizationKey', value: '00' }, 'secret'],
      [{ key: 'authorizationKEY', value: '00' }, 'secret'],
    ],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"RebootRequired"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
      ['{"status":"NotSupported"}', 'rejected'],
    ],
  });
});
