import { describe, expect, it } from '@jest/globals';
import { DataTransferHandler } from './data-transfer.handler.js';

describe('DataTransfer', () => {
  it('knows no vendor', () => {
    expect(new DataTransferHandler().handle()).toEqual({ status: 'UnknownVendorId' });
  });
});
