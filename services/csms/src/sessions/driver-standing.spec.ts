import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DriverStanding, STANDING_PAGE, StandingSource, type Standing } from './driver-standing.js';
import { FixedClock } from './testing/session-fixture.js';

Logger.overrideLogger(false);

class Source extends StandingSource {
  rows: Standing[] = [];
  reads: bigint[] = [];
  isDown = false;
  override async changedSince(changeSeq: bigint, limit: number): Promise<readonly Standing[]> {
    this.reads.push(changeSeq);
    if (this.isDown) throw new Error('down');
    return this.rows.filter((row) => row.changeSeq > changeSeq).slice(0, limit);
  }
}

let source: Source;
let clock: FixedClock;
let standing: DriverStanding;
const row = (evId: string, isBlocked: boolean, changeSeq: number): Standing => ({
  evId,
  isBlocked,
  changeSeq: BigInt(changeSeq),
});

beforeEach(() => {
  source = new Source();
  clock = new FixedClock();
  standing = new DriverStanding(source, clock);
});

describe('DriverStanding', () => {
  it('follows the changes by their sequence', async () => {
    source.rows = [row('a', true, 1), row('b', false, 2)];
    await standing.refresh();
    expect([standing.isBlocked('a'), standing.isBlocked('b'), standing.isBlocked('unknown')]).toEqual([
      true,
      false,
      false,
    ]);
    source.rows = [row('b', true, 3), row('a', false, 4)];
    await standing.refresh();
    expect([standing.isBlocked('a'), standing.isBlocked('b')]).toEqual([false, true]);
    expect(source.reads).toEqual([-1n, 2n]);
  });

  it('reads page after page', async () => {
    source.rows = Array.from({ length: STANDING_PAGE + 1 }, (_, index) => row(`ev${index}`, true, index + 1));
    await standing.refresh();
    expect(standing.isBlocked(`ev${STANDING_PAGE}`)).toBe(true);
  });

  it('keeps what it knows while the source is away, and grows old', async () => {
    expect(standing.ageMs()).toBe(Infinity);
    source.rows = [row('a', true, 1)];
    await standing.refresh();
    source.isDown = true;
    clock.now += 5_000;
    await standing.refresh();
    expect([standing.isBlocked('a'), standing.ageMs()]).toEqual([true, 5_000]);
    source.isDown = false;
    await standing.refresh();
    expect(standing.ageMs()).toBe(0);
  });

  it('reads nothing more once it has ended, and ends after the read under way', async () => {
    source.rows = Array.from({ length: 2 * STANDING_PAGE }, (_, index) => row(`ev${index}`, true, index + 1));
    const reading = standing.refresh();
    void standing.refresh();
    await standing.end();
    expect(source.reads).toEqual([-1n]);
    await standing.refresh();
    await reading;
    expect(source.reads).toEqual([-1n]);
  });

  it('reads once more when it is poked during a read, and never at the same time twice', async () => {
    await Promise.all([standing.refresh(), standing.refresh(), standing.refresh()]);
    expect(source.reads).toHaveLength(2);
    await standing.refresh();
    expect(source.reads).toHaveLength(3);
  });
});
