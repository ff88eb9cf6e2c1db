import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ClaimGatherer, GATHER_MAX, GATHER_MS } from './claim-gatherer.js';
import type { ClaimService } from './claim.service.js';
import { LOOKS_MAX, SettlementProcessor } from './settlement.processor.js';

Logger.overrideLogger(false);

function gatherer(asked: string[][], answer: (ids: readonly string[]) => ReadonlySet<string>): ClaimGatherer {
  const claims: Pick<ClaimService, 'claimByIds'> = {
    claimByIds: async (ids) => {
      asked.push([...ids]);
      return answer(ids);
    },
  };
  return new ClaimGatherer(claims as ClaimService);
}

describe('claim gatherer', () => {
  it('asks once for the ids of a moment, each once, and answers each', async () => {
    const asked: string[][] = [];
    const claims = gatherer(asked, () => new Set(['a']));
    expect(await Promise.all(['a', 'b', 'a'].map((id) => claims.claim(id)))).toEqual([true, false, true]);
    expect(asked).toEqual([['a', 'b']]);
  });

  it('does not wait when a statement is full', async () => {
    const asked: string[][] = [];
    const claims = gatherer(asked, (ids) => new Set(ids));
    const all = Array.from({ length: GATHER_MAX + 1 }, (_, index) => claims.claim(`s${index}`));
    expect(asked[0]?.length).toBe(GATHER_MAX);
    await Promise.all(all);
    expect(asked[1]?.length).toBe(1);
    expect(GATHER_MS).toBeLessThan(100);
  });

  it('tells everybody when the database is away, and is ready for the next', async () => {
    let away = true;
    const claims = gatherer([], (ids) => {
      if (away) throw new Error('away');
      return new Set(ids);
    });
    await expect(Promise.all([claims.claim('a'), claims.claim('b')])).rejects.toThrow('away');
    away = false;
    expect(await claims.claim('a')).toBe(true);
  });
});

describe('settlement processor', () => {
  it('brings a job back for as long as the database is away', async () => {
    const processor = new SettlementProcessor(
      gatherer([], () => {
        throw new Error('away');
      }),
    );
    expect(await processor.process({ settlementId: 'a' }, 10 * LOOKS_MAX)).toBe('later');
  });
});
