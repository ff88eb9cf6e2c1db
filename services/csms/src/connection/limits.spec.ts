import { describe, expect, it } from '@jest/globals';
import { ACTIONS, COMMAND_ACTIONS } from '../ocpp/actions.js';
import * as limits from './limits.js';

/** C13: limits that a page or a standard names, so that nobody moves one silently. */
describe('limits of the OCPP port', () => {
  it('are those of ocpp.md and reliability.md', () => {
    expect(limits).toMatchObject({
      PAYLOAD_BYTES_MAX: 262_144,
      LISTEN_BACKLOG: 4096,
      PING_INTERVAL_MS: 30_000,
      SILENCE_MS_MAX: 60_000,
      BOOT_TIMEOUT_MS: 60_000,
      HEADERS_TIMEOUT_MS: 10_000,
      REQUEST_TIMEOUT_MS: 30_000,
      HANDSHAKE_TIMEOUT_MS: 10_000,
      MESSAGES_PER_S_MAX: 20,
      MESSAGE_BURST_MAX: 100,
      MESSAGE_ID_LENGTH_MAX: 36,
      FAILURES_PER_IDENTITY_MAX: 5,
      FAILURES_PER_IP_MAX: 100,
      ATTEMPT_WINDOW_MS: 60_000,
      SWAPS_MAX: 3,
      SWAP_WINDOW_MS: 60_000,
      PASSWORD_BYTES_MIN: 16,
      PASSWORD_BYTES_MAX: 20,
      PASSWORD_HEX_LENGTH: 40,
    });
  });

  it('fit together', () => {
    expect(limits.CONNECTIONS_MAX).toBeGreaterThan(10_000);
    expect(limits.SOCKETS_MAX).toBeGreaterThan(limits.CONNECTIONS_MAX);
    expect(limits.SILENCE_MS_MAX).toBe(2 * limits.PING_INTERVAL_MS);
    expect(limits.SWEEP_INTERVAL_MS).toBeLessThanOrEqual(limits.LOOP_LAG_MS_MAX);
    expect(limits.BUFFERED_BYTES_MAX).toBeGreaterThan(limits.PAYLOAD_BYTES_MAX);
    expect(limits.HEADER_BYTES_MAX).toBeGreaterThan(limits.URL_LENGTH_MAX);
    expect(limits.STOP_GRACE_MS).toBeLessThanOrEqual(limits.CLOSE_TIMEOUT_MS);
    expect(limits.RETRY_AFTER_S * 1000).toBeGreaterThan(limits.OUTAGE_MS);
    expect(limits.HEADERS_COUNT_MAX).toBeGreaterThan(12);
    for (const action of [...ACTIONS, ...COMMAND_ACTIONS])
      expect(action.length).toBeLessThanOrEqual(limits.ACTION_LENGTH_MAX);
  });
});
