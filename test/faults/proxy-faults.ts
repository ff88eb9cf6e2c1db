import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy, type ProxyFault } from '../support/tcp-proxy.js';
import type { FaultOptions, Played, Scene } from './fault-run.js';
import { Prng } from '../support/prng.js';

export const FRAMES_MAX = 7;
const LOOK_MS = 200;
const KINDS = ['cut', 'drop-answer', 'dribble', 'freeze', 'half-close'] as const;

/** A seeded fault for every new connection, until `count` have struck; then the line is clean. */
export class FaultyLine {
  private proxy: TcpProxy | undefined;
  private readonly random: Prng;

  constructor(
    seed: number,
    private readonly count: number,
  ) {
    this.random = new Prng(seed ^ 0x5eed);
  }

  /** Stands between the chargers and this URL; answers the URL to use instead. */
  readonly through: NonNullable<FaultOptions['through']> = async (ocppUrl) => {
    const url = new URL(ocppUrl);
    const target = { host: url.hostname, port: Number(url.port) };
    this.proxy = await TcpProxy.listen(target, () => (this.struck < this.count ? this.draw() : undefined));
    url.host = `127.0.0.1:${this.proxy.port}`;
    return url.href.replace(/\/$/, '');
  };

  get struck(): number {
    return this.proxy?.struck ?? 0;
  }

  async close(): Promise<void> {
    await this.proxy?.close();
  }

  /** Plays until enough faults have struck. */
  async play(scene: Scene): Promise<Played> {
    let said = 0;
    while (this.struck < this.count) {
      await sleep(LOOK_MS);
      if (this.struck > said) scene.line(`${(said = this.struck)}/${this.count} faults struck`);
    }
    return { kills: this.struck };
  }

  private draw(): ProxyFault {
    const kind = this.random.pick(KINDS);
    const afterFrame = this.random.between(1, FRAMES_MAX);
    const direction = this.random.pick(['up', 'down'] as const);
    if (kind === 'dribble') return { kind, everyMs: this.random.between(0, 2), afterFrame };
    return kind === 'drop-answer' ? { kind, afterFrame } : { kind, direction, afterFrame };
  }
}
