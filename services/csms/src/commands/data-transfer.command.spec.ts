import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

describe('DataTransfer', () => {
  describeCommand('DataTransfer', {
    good: [{ vendorId: 'com.example' }, { vendorId: 'v', messageId: 'm', data: '\u0000' }],
    bad: [
      [{}, 'OccurenceConstraintViolation'],
      [{ vendorId: 'v'.repeat(256) }, 'PropertyConstraintViolation'],
      [{ vendorId: 'v', data: {} }, 'TypeConstraintViolation'],
    ],
    answers: [
      ['{"status":"Accepted","data":"x"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
      ['{"status":"UnknownVendorId"}', 'rejected'],
      ['{"status":"UnknownMessageId"}', 'rejected'],
    ],
  });
});
