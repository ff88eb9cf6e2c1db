import { describe, expect, it } from '@jest/globals';
import { HeartbeatHandler } from './heartbeat.handler.js';
import { NoonClock } from './testing/handler-context.js';

describe('Heartbeat', () => {
  it('tells the time of the central system', () => {
    expect(new HeartbeatHandler(new NoonClock()).handle()).toEqual({ currentTime: '2026-06-01T12:00:00.000Z' });
  });
});
