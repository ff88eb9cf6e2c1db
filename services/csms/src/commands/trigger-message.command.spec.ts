import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('TriggerMessage', () => {
  describeCommand('TriggerMessage', {
    good: [{ requestedMessage: 'StatusNotification' }, { requestedMessage: 'MeterValues', connectorId: 1 }],
    bad: [
      [{ requestedMessage: 'StartTransaction' }, 'PropertyConstraintViolation'],
      [{ requestedMessage: 'MeterValues', connectorId: 0 }, 'connectorId'],
      [{}, 'OccurenceConstraintViolation'],
    ],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
      ['{"status":"NotImplemented"}', 'rejected'],
    ],
  });
});
