import { describe, expect, it } from '@jest/globals';
import { compileDateFormat } from './date-format.js';

describe('compileDateFormat', () => {
  it.each([
    ['dd/MM/yyyy HH:mm', '06/09/2018 23:55', [2018, 9, 6, 23, 55, 0]],
    ['M/d/yyyy H:mm', '7/29/2011 20:17', [2011, 7, 29, 20, 17, 0]],
    ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", 'Wed, 25 Apr 2018 11:08:04 GMT', [2018, 4, 25, 11, 8, 4]],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2024-02-29T01:02:03.456', [2024, 2, 29, 1, 2, 3]],
  ])('%s reads %s', (format, text, [year, month, day, hour, minute, second]) => {
    expect(compileDateFormat(format)(text)).toEqual({ year, month, day, hour, minute, second });
  });

  it.each([
    '',
    '6/9/2018 23:55',
    '06/09/2018 23:55 ',
    '31/06/2018 10:00',
    '06/13/2018 10:00',
    '06/09/2018 24:00',
    '29/02/2018 10:00',
  ])('refuses "%s" instead of guessing', (text) => expect(compileDateFormat('dd/MM/yyyy HH:mm')(text)).toBeUndefined());

  it('refuses an unknown month name', () => {
    expect(compileDateFormat('dd MMM yyyy HH:mm')('01 Foo 2018 10:00')).toBeUndefined();
  });

  it.each(['dd/MM/yyyy', 'dd/MM/yyyy HH:mm Q', "dd/MM/yyyy HH:mm 'open", 'dd/dd/yyyy HH:mm'])(
    'refuses the format %s',
    (format) => {
      expect(() => compileDateFormat(format)).toThrow();
    },
  );
});
