import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const FOLDER = new URL('../../scenarios/', import.meta.url).pathname;

/** reliability.md section 5, a word or two of each row, and the two that are not from there. */
const CASES = [
  'ordinary session',
  'duplicated, reordered',
  'before Start',
  'transactionId again',
  'another charger',
  'rollback',
  'NaN',
  'kWh',
  'missing Stop',
  'half-open',
  'two devices',
  'second Start',
  'tariff changes',
  'blocked or removed',
  'balance too low',
  'ledger refuses',
  'wrong clocks',
];

const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));
const rows = readFileSync(`${FOLDER}README.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, title = '', named = '', end = '']) => ({
    title,
    end,
    files: [...named.matchAll(/`([a-z0-9-]+)`/g)].map(([, file = '']) => file),
  }));

describe('the table of scenarios', () => {
  it('has a row for every case, in the order of the specification', () => {
    expect(rows).toHaveLength(CASES.length);
    for (const [index, words] of CASES.entries()) expect(rows[index]?.title).toContain(words);
  });

  it.each(rows)('$title: played by files that exist, with an end', ({ files: named, end }) => {
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((file) => !files.includes(file))).toEqual([]);
    expect(end).not.toBe('');
  });

  it('names every file once', () => {
    expect(rows.flatMap((row) => row.files).sort()).toEqual([...files].sort());
  });
});
