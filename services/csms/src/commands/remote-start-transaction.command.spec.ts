import { describe } from '@jest/globals';
import { describeCommand } from './testing/command-table.js';

const profile = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.1 }] },
};

describe('RemoteStartTransaction', () => {
  describeCommand('RemoteStartTransaction', {
    good: [{ idTag: 'A' }, { idTag: 'A', connectorId: 1 }, { idTag: 'A', chargingProfile: profile }],
    bad: [
      [{}, 'OccurenceConstraintViolation'],
      [{ idTag: 'A'.repeat(21) }, 'PropertyConstraintViolation'],
      [{ idTag: 'A', connectorId: 0 }, 'connectorId'],
      [{ idTag: 'A', chargingProfile: { ...profile, chargingProfilePurpose: 'TxDefaultProfile' } }, 'TxProfile'],
      [{ idTag: 'A', chargingProfile: { ...profile, transactionId: 7 } }, 'transactionId'],
    ],
    answers: [
      ['{"status":"Accepted"}', 'accepted'],
      ['{"status":"Rejected"}', 'rejected'],
      ['{"status":"Blocked"}', 'error'],
    ],
  });
});
