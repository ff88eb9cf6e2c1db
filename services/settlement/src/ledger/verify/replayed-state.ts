import type { RecordCodec } from '@tallywatt/contracts';

interface Replayed {
  readonly text: string;
  /** `block:position` of the last write. */
  readonly version: string;
}

/** The state that the write sets of the blocks add up to. */
export class ReplayedState {
  private readonly values = new Map<string, Replayed>();

  get size(): number {
    return this.values.size;
  }

  keys(): IterableIterator<string> {
    return this.values.keys();
  }

  at(key: string): Replayed | undefined {
    return this.values.get(key);
  }

  versionOf(key: string): string | null {
    return this.values.get(key)?.version ?? null;
  }

  /** @throws RecordError when the record is damaged. */
  record<T>(codec: RecordCodec<T>, key: string): T | undefined {
    const found = this.values.get(key);
    return found === undefined ? undefined : codec.decode(key, found.text);
  }

  write(key: string, text: string | null, version: string): void {
    if (text === null) this.values.delete(key);
    else this.values.set(key, { text, version });
  }
}
