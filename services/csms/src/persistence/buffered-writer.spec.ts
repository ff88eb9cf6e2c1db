import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { BufferedWriter, ROWS_PER_WRITE_MAX, ROWS_WAITING_MAX } from './buffered-writer.js';

Logger.overrideLogger(false);

function writer(write?: (rows: readonly number[]) => Promise<void>) {
  const written: number[][] = [];
  const buffer = new BufferedWriter<number>('test', 5, async (rows) => {
    await write?.(rows);
    written.push([...rows]);
  });
  return { buffer, written };
}

describe('BufferedWriter', () => {
  it('writes by itself after the interval', async () => {
    const { buffer, written } = writer();
    buffer.append(1);
    buffer.append(2);
    expect(written).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(written).toEqual([[1, 2]]);
  });

  it('writes ROWS_PER_WRITE_MAX at a time, and everything at a flush', async () => {
    const { buffer, written } = writer();
    for (let row = 0; row <= ROWS_PER_WRITE_MAX; row++) buffer.append(row);
    await buffer.flush();
    expect(written.map((rows) => rows.length)).toEqual([ROWS_PER_WRITE_MAX, 1]);
  });

  it('keeps the newest ROWS_WAITING_MAX', async () => {
    const { buffer, written } = writer();
    for (let row = 0; row < ROWS_WAITING_MAX + 5; row++) buffer.append(row);
    await buffer.flush();
    expect([written[0]?.[0], written.flat().length]).toEqual([5, ROWS_WAITING_MAX]);
  });

  it('drops what could not be written and goes on', async () => {
    let isDown = true;
    const { buffer, written } = writer(async () => {
      if (isDown) throw new Error('down');
    });
    buffer.append(1);
    await buffer.flush();
    isDown = false;
    buffer.append(2);
    await buffer.flush();
    expect(written).toEqual([[2]]);
  });
});
