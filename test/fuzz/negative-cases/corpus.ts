import { everywhere, type NegativeCase } from './case.js';

/**
 * Every frame that the fuzz run has failed with, as it was sent, with what it is owed. Added to, never shortened: a run
 * prints the frame with each fault.
 */
export const CORPUS: readonly NegativeCase[] = [
  // Seed 2, in process: beyond the column, so an InternalError, and other piles' statuses of the same batch with it.
  ...everywhere(
    'seed 2, f57: a connector below every integer',
    '[2,"n1","StatusNotification",{"errorCode":"NoError","status":"Preparing","timestamp":"2024-06-02T01:10:48.000Z","connectorId":-9007199254740991}]',
    { error: 'PropertyConstraintViolation' },
  ),
  ...everywhere(
    'seed 2, f381: connector 2^32',
    '[2,"n1","StatusNotification",{"errorCode":"NoError","status":"Preparing","timestamp":"2024-07-02T09:22:28.000Z","connectorId":4294967296}]',
    { error: 'PropertyConstraintViolation' },
  ),
  // Named cases: of two values for one key the last was billed.
  ...everywhere(
    'a Stop with two meterStops',
    '[2,"n1","StopTransaction",{"transactionId":$TX,"meterStop":1100,"meterStop":6000,"timestamp":"2025-01-01T01:00:00Z","reason":"Local"}]',
    { held: 'meter_out_of_range' },
    [
      '[2,"start","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":1000,"timestamp":"2025-01-01T00:00:00Z"}]',
    ],
  ),
];
