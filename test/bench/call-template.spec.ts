import { describe, expect, it } from '@jest/globals';
import { CallTemplate } from './call-template.js';

describe('CallTemplate', () => {
  it('counts in the message id and changes nothing else', () => {
    const template = new CallTemplate('DataTransfer', { vendorId: '[2,"', data: '00000000' });
    const texts = Array.from({ length: 12 }, () => template.next().subarray(6).toString());
    expect(texts[0]).toBe('[2,"00000001","DataTransfer",{"vendorId":"[2,\\"","data":"00000000"}]');
    expect(texts[11]).toBe('[2,"00000012","DataTransfer",{"vendorId":"[2,\\"","data":"00000000"}]');
  });
  it('heads a long frame with two bytes more', () => {
    const frame = new CallTemplate('DataTransfer', { data: 'x'.repeat(600) }).next();
    expect(frame.subarray(8, 30).toString()).toBe('[2,"00000001","DataTra');
  });
});
