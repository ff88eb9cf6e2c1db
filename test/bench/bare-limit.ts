import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The bare `ws` server as a process of its own. */
export class BareLimit {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<BareLimit> {
    const child = fork(fileURLToPath(new URL('./bare-server.js', import.meta.url)));
    const [port] = (await once(child, 'message')) as [number];
    return new BareLimit(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}
