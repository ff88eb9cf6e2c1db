import { describe, expect, it } from '@jest/globals';
import { SqlFilter } from './sql-filter.js';

describe('sql filter', () => {
  it('is true without conditions', () => {
    expect(new SqlFilter().where).toBe('true');
  });

  it('numbers its values and never writes them', () => {
    const filter = new SqlFilter().add('a = ? or b = ?', 1, "x'; drop").addIf('c = ?', undefined).addIf('d < ?', 4);
    expect(filter.where).toBe('(a = $1 or b = $2) and (d < $3)');
    expect(filter.values).toEqual([1, "x'; drop", 4]);
  });

  it('grows in a copy of its own', () => {
    const filter = new SqlFilter().add('a = ?', 1);
    const fork = filter.fork().add('b = ?', 2);
    expect([filter.where, fork.where]).toEqual(['(a = $1)', '(a = $1) and (b = $2)']);
    expect(filter.values).toEqual([1]);
  });

  it('refuses as many values as it has no place for', () => {
    expect(() => new SqlFilter().add('a = ?', 1, 2)).toThrow('2 values');
    expect(() => new SqlFilter().add('a = ? and b = ?', 1)).toThrow('1 values');
  });
});
