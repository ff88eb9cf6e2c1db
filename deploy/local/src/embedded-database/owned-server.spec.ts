import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { OwnedServer } from './owned-server.js';

class FakeConnection extends EventEmitter {
  ended = 0;
  end(): Promise<void> {
    this.ended += 1;
    return Promise.resolve();
  }
  asClient(): Client {
    return this as unknown as Client;
  }
}

describe('owned server', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

  it('comes back each time its connection ends unasked', async () => {
    const connections = [new FakeConnection(), new FakeConnection(), new FakeConnection()] as const;
    const successors = [connections[1], connections[2]];
    const notices: string[] = [];
    let recovered = 0;
    const recover = (): Promise<Client> => {
      const next = successors[recovered++];
      return next === undefined ? Promise.reject(new Error('once too often')) : Promise.resolve(next.asClient());
    };
    const server = new OwnedServer(connections[0].asClient(), recover, (line) => notices.push(line));
    connections[0].emit('end');
    await settled();
    connections[1].emit('end');
    await settled();
    expect(recovered).toBe(2);
    expect(notices).toHaveLength(2);
    await server.release();
    expect(connections[2].ended).toBe(1);
  });

  it('tries again when the server does not come up', async () => {
    const [first, second] = [new FakeConnection(), new FakeConnection()];
    let attempts = 0;
    const recover = () =>
      ++attempts < 3 ? Promise.reject(new Error('did not start')) : Promise.resolve(second.asClient());
    const notices: string[] = [];
    const server = new OwnedServer(first.asClient(), recover, (line) => notices.push(line), 1);
    first.emit('end');
    await settled();
    expect([attempts, notices.filter((line) => line === 'did not start').length]).toEqual([3, 2]);
    await server.release();
  });

  it('stays down once it is released', async () => {
    const connection = new FakeConnection();
    let recovered = 0;
    const recover = () => {
      recovered += 1;
      return Promise.resolve(connection.asClient());
    };
    const server = new OwnedServer(connection.asClient(), recover, () => undefined);
    await server.release();
    connection.emit('end');
    await settled();
    expect(recovered).toBe(0);
  });
});
