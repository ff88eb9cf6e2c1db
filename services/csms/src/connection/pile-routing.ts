import { randomUUID } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ClientRedis, ServerRedis } from '@nestjs/microservices';
import type { ConnectionConfig } from './connection-config.js';
import type { ConnectionEvents } from './connection-log.js';
import type { ConnectionRegistry } from './connection-registry.js';
import { RedisInstanceDirectory } from './redis-instance-directory.js';
import { RoutedPileCaller } from './routed-pile-caller.js';

/** What several csms processes need to reach each other's piles: there with a Redis, and only then. */
export class PileRouting implements OnApplicationShutdown {
  readonly caller: RoutedPileCaller | undefined;
  private readonly directory: RedisInstanceDirectory | undefined;
  private readonly client: ClientRedis | undefined;

  constructor(
    private readonly redis: ConnectionConfig['redis'],
    registry: ConnectionRegistry,
    events: ConnectionEvents,
  ) {
    if (redis === undefined) return;
    const instanceId = randomUUID();
    this.directory = new RedisInstanceDirectory(redis.url, instanceId);
    this.client = new ClientRedis(redis.transport);
    this.caller = new RoutedPileCaller({
      instanceId,
      registry,
      directory: this.directory,
      client: this.client,
      events,
    });
  }

  /** This process' ear on Redis, for the other processes and for settlement; undefined without a Redis. */
  server(): ServerRedis | undefined {
    if (this.redis === undefined) return undefined;
    const server = new ServerRedis(this.redis.transport);
    this.caller?.listenOn(server);
    return server;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.directory?.close();
    // A Redis that is away takes no goodbye.
    await this.client?.close().catch(() => undefined);
  }
}
