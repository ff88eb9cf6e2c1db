import { describe, expect, it } from '@jest/globals';
import { csvHeader, csvLines, money, number, text } from './csv.js';

const line = (value: unknown, columns = text('a')): string => csvLines(columns, [{ a: value }]);

describe('CSV cells', () => {
  it.each([
    ['=1+1', "'=1+1\r\n"],
    ['+cmd|calc', "'+cmd|calc\r\n"],
    ['-5', "'-5\r\n"],
    ['@SUM(A1)', "'@SUM(A1)\r\n"],
    ['\tx', "'\tx\r\n"],
    ['＝1', "'＝1\r\n"],
    ['＠x', "'＠x\r\n"],
    ['plain', 'plain\r\n'],
    ['a=b', 'a=b\r\n'],
  ])('neutralises text %j', (value, expected) => expect(line(value)).toBe(expected));

  it.each([
    ['\rx', '"\'\rx"\r\n'],
    ['\n=x', '"\'\n=x"\r\n'],
  ])('quotes line breaks of %j as well', (value, expected) => expect(line(value)).toBe(expected));

  it('keeps negative numbers in numeric columns, so that credit notes sum', () => {
    expect(line('-12.34', number('a'))).toBe('-12.34\r\n');
    expect(line(-7, number('a'))).toBe('-7\r\n');
  });
  it('does not trust a numeric column with text in it', () => expect(line('-1+cmd', number('a'))).toBe("'-1+cmd\r\n"));
  it('quotes commas and quotes as RFC 4180', () => expect(line('a,"b"')).toBe('"a,""b"""\r\n'));
  it('writes nothing for null and undefined', () => expect(csvLines(text('a', 'b'), [{ a: null }])).toBe(',\r\n'));
  it('follows dotted paths, and never the prototype', () => {
    const row = { total: { currency: 'CNY', amount: '-1.00', minor: '-100' } };
    expect(csvLines(money('total'), [row])).toBe('CNY,-1.00,-100\r\n');
    expect(csvLines(text('constructor.name', '__proto__'), [row])).toBe(',\r\n');
  });
  it('has the header of its columns', () => expect(csvHeader(money('t'))).toBe('t.currency,t.amount,t.minor\r\n'));
});
