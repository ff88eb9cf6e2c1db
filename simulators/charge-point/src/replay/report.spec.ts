import { describe, expect, it } from '@jest/globals';
import type { ReplayedSession } from './outcome.js';
import type { RecordedRow } from './recording.js';
import { accountForRows, classesCsv, countClasses } from './report.js';

const row = (rowNumber: number): RecordedRow => ({
  rowNumber,
  sessionId: `s${rowNumber}`,
  userId: 'U',
  chargePointId: 'A',
  connectorId: 1,
  model: '',
  ratedPowerW: 1,
  startMs: 0,
  stop: undefined,
});
const session = (
  transactionId: number,
  state: 'final' | 'quarantined',
  holdReason: string | null = null,
): ReplayedSession => ({
  id: String(transactionId),
  transactionId,
  chargePointId: 'A',
  status: 'closed',
  authorization: 'Accepted',
  holdReason,
  settlement: { state, code: null },
});

describe('accountForRows', () => {
  it('gives every row one class, in file order, and tells what no row explains', () => {
    const played = new Map([
      [1, 11],
      [2, 12],
      [4, 14],
    ]);
    const sessions = [session(11, 'final'), session(12, 'quarantined', 'implausible_power'), session(99, 'final')];
    const account = accountForRows([row(1), row(2), row(4)], [{ rowNumber: 3, sessionId: 's3' }], played, sessions);
    expect(classesCsv(account)).toBe(
      'session_id,class\ns1,final\ns2,quarantined:implausible_power\ns3,refused:unreadable_row\ns4,unaccounted:no_session\n',
    );
    expect(account.unexpectedSessions).toBe(1);
    expect(countClasses(account)).toEqual({
      rows: 4,
      final: 1,
      quarantined: { implausible_power: 1 },
      refused: { unreadable_row: 1 },
      unaccounted: 1,
      unaccountedReasons: { no_session: 1 },
    });
  });

  it('lets one session account for one row only', () => {
    const played = new Map([
      [1, 11],
      [2, 11],
    ]);
    const account = accountForRows([row(1), row(2)], [], played, [session(11, 'final')]);
    expect(countClasses(account)).toMatchObject({ final: 1, unaccounted: 1 });
  });
});
