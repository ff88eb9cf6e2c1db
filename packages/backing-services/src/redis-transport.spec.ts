import { describe, expect, it } from '@jest/globals';
import { redisTransport } from './redis-transport.js';

const always = { maxRetriesPerRequest: 1, retryAttempts: Number.MAX_SAFE_INTEGER, retryDelay: 200 };

describe('redisTransport', () => {
  it.each([
    ['redis://127.0.0.1', { host: '127.0.0.1', port: 6379 }],
    ['redis://h:7000/2', { host: 'h', port: 7000, db: 2 }],
    ['rediss://user:p%40ss@h:7000', { host: 'h', port: 7000, username: 'user', password: 'p@ss', tls: {} }],
  ])('%s', (url, parts) => {
    expect(redisTransport(url)).toEqual({ ...parts, ...always });
  });
});
