import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as domain from './index.js';

const FOLDER = new URL('./', import.meta.url);
const sources = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), 'utf8') }));
const code = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

describe('the surface', () => {
  it('is what others were promised', () => {
    expect(Object.keys(domain).toSorted()).toEqual([
      'AMOUNT_MINOR_MAX',
      'CURRENCY_DECIMALS_MAX',
      'ENERGY_WH_MAX',
      'FIXED_ONE',
      'LINES_MAX',
      'MAX_LINES',
      'NEW_CREDIT_STATE',
      'PRICES_PER_TARIFF_MAX',
      'PRICE_E4_MAX',
      'ROUNDING_RULE',
      'RULES_VERSION',
      'applyRating',
      'checkLines',
      'checkTariff',
      'checkTariffChange',
      'creditNoteLines',
      'deposit',
      'distanceM',
      'divFloor',
      'divHalfAwayFromZero',
      'divHalfUp',
      'expFixed',
      'experienceFixed',
      'failure',
      'feeMinor',
      'formatAmount',
      'formatRfc3339',
      'isBlocked',
      'localMinuteOfDay',
      'localWeekday',
      'offsetAt',
      'parseAmountMinor',
      'parseRfc3339Utc',
      'pay',
      'payReplacement',
      'priceAt',
      'priceIntervals',
      'priceSession',
      'rankStations',
      'registerAt',
      'registerPoints',
      'success',
      'totalMinor',
    ]);
  });

  it('is of rules version 1: a changed formula is a new version', () => expect(domain.RULES_VERSION).toBe(1));
});

describe('determinism of the sources', () => {
  it('has sources to look at', () => expect(sources.length).toBeGreaterThanOrEqual(16));

  it.each(sources.map(({ name, text }) => [name, code(text)] as const))('%s', (_name, text) => {
    const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '');
    expect(imported.filter((from) => !/^\.\/[a-z0-9-]+\.js$/.test(from))).toEqual([]);
    expect(text).not.toMatch(/\bDate\b|\bIntl\b|toLocale|localeCompare|Math\.(?!min\b|max\b|abs\b|ceil\b)|parseFloat/);
    expect(text).not.toMatch(/\bprocess\b|\bglobalThis\b|\bperformance\b|\bcrypto\b|\bawait\b/);
  });
});
