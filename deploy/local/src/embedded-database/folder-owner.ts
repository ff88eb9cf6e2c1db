import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Beside PostgreSQL's own socket; the folder's name is short enough for both. */
const SOCKET_NAME = 'owner';

/** A data folder that this process holds; it ends with the process, however that dies. */
export interface FolderClaim {
  release(): Promise<void>;
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (isAlive: boolean): void => {
      socket.destroy();
      resolve(isAlive);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end());
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });
}

/**
 * Claims a folder by listening on a socket in it: `undefined` when a living process answers there. Unlike a lock in the
 * database it holds while the database is down, so nobody slips in while its owner brings it back. Two that meet the
 * socket of a dead owner in the same instant are told apart by the database's lock.
 */
export async function claimFolder(socketFolder: string): Promise<FolderClaim | undefined> {
  const path = join(socketFolder, SOCKET_NAME);
  if (await isAnswered(path)) return undefined;
  rmSync(path, { force: true });
  const server = await listen(path);
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
