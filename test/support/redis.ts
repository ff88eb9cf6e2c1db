import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

/** A Redis that others use too: its keys get a prefix of their own, and nobody flushes it. */
export const SHARED_REDIS_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const START_MS_MAX = 10_000;

/** Key prefix of one spec file's run. */
export function runPrefix(): string {
  return `tallywatt-test-${randomBytes(6).toString('hex')}`;
}

/** Everything under a prefix, gone in a moment. */
export async function deletePrefix(redis: Redis, prefix: string): Promise<void> {
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(...keys);
}

/** A Redis of the spec's own, without persistence: it may be flushed, frozen and killed. `redis-server` is on the PATH. */
export class OwnRedis {
  private constructor(
    private readonly port: number,
    private readonly policy: string,
    private server: ChildProcess,
  ) {}

  static async start(policy = 'noeviction'): Promise<OwnRedis> {
    const port = await freePort();
    const redis = new OwnRedis(port, policy, launch(port, policy));
    await redis.answers();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Loses everything in it. */
  async flush(): Promise<void> {
    const client = new Redis(this.url);
    await client.flushall();
    client.disconnect();
  }

  async keys(): Promise<string[]> {
    const client = new Redis(this.url);
    const keys = await client.keys('*');
    client.disconnect();
    return keys;
  }

  /** As `kill -9`, or a host that is gone: what it held is lost. */
  async kill(): Promise<void> {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const ended = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await ended;
  }

  /** Starts again on the same port, empty. */
  async restart(): Promise<void> {
    await this.kill();
    this.server = launch(this.port, this.policy);
    await this.answers();
  }

  private async answers(): Promise<void> {
    const deadlineMs = performance.now() + START_MS_MAX;
    while (!(await accepts(this.port))) {
      if (this.server.exitCode !== null || performance.now() > deadlineMs)
        throw new Error('redis-server does not start');
      await sleep(20);
    }
  }
}

function launch(port: number, policy: string): ChildProcess {
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', tmpdir()];
  const server = spawn('redis-server', [...flags, '--maxmemory-policy', policy], { stdio: 'ignore' });
  server.once('error', (cause) => {
    throw new Error('specs for Redis need redis-server on the PATH', { cause });
  });
  return server;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const ended = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => ended(true));
    socket.once('error', () => ended(false));
  });
}
