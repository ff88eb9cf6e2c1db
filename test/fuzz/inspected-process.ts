import { WebSocket } from 'ws';

const LISTENING = /Debugger listening on (ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+)/g;
const OPEN_MS_MAX = 30_000;
const LOOK_MS = 100;

/** NODE_OPTIONS under which SIGUSR1 opens Node's own debugger on a free port: nothing in the product knows of it. */
export const INSPECTABLE = '--inspect-port=127.0.0.1:0';

/** A Node process seen through its debugger. */
export class InspectedProcess {
  private nextId = 1;
  private readonly waiting = new Map<number, (result: unknown) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const { id, result } = JSON.parse(data.toString('utf8')) as { id?: number; result?: unknown };
      if (id !== undefined) this.waiting.get(id)?.(result);
    });
  }

  /** Asks the process to open its debugger; `readLog` is where its stderr goes. */
  static async open(pid: number, readLog: () => string): Promise<InspectedProcess> {
    process.kill(pid, 'SIGUSR1');
    const deadline = performance.now() + OPEN_MS_MAX;
    for (;;) {
      const url = [...readLog().matchAll(LISTENING)].at(-1)?.[1];
      if (url !== undefined) return InspectedProcess.connect(url);
      if (performance.now() > deadline) throw new Error(`process ${pid} opened no debugger`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Heap in use after a full collection. */
  async heapBytes(): Promise<number> {
    await this.ask('HeapProfiler.enable');
    await this.ask('HeapProfiler.collectGarbage');
    const usage = (await this.ask('Runtime.getHeapUsage')) as { usedSize: number };
    return usage.usedSize;
  }

  /** The value of an expression, as JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = (await this.ask('Runtime.evaluate', { expression, returnByValue: true })) as {
      result: { value?: unknown };
    };
    return answer.result.value;
  }

  close(): void {
    this.socket.terminate();
  }

  private static connect(url: string): Promise<InspectedProcess> {
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new InspectedProcess(socket)));
      socket.once('error', reject);
    });
  }

  private ask(method: string, params: object = {}): Promise<unknown> {
    const id = this.nextId++;
    const answer = new Promise((resolve) => this.waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }
}
