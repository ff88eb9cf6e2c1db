import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { headerHash, readBlock, validationCode } from './fabric-block.js';

function blockOf(number: number, ...envelopes: common.Envelope[]): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(Buffer.alloc(32, 1));
  header.setDataHash(Buffer.alloc(32, 2));
  const data = new common.BlockData();
  data.setDataList(envelopes.map((envelope) => envelope.serializeBinary()));
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  return block;
}

function configEnvelope(): common.Envelope {
  const channel = new common.ChannelHeader();
  channel.setType(common.HeaderType.CONFIG);
  const header = new common.Header();
  header.setChannelHeader(channel.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

describe('a block', () => {
  it('of configuration stays in the row of numbers, without a transaction of ours', () => {
    expect(readBlock(blockOf(7, configEnvelope()), 'settlement')).toMatchObject({
      number: 7n,
      previousHash: '01'.repeat(32),
      transactions: [],
    });
  });

  it('without a header is no block', () => {
    expect(() => readBlock(new common.Block(), 'settlement')).toThrow('without a header');
  });

  it.each([
    [0n, '020100'],
    [127n, '02017f'],
    [128n, '02020080'],
    [65_536n, '0203010000'],
  ])('number %s is hashed as DER writes it', (number, der) => {
    const rest = `0420${'01'.repeat(32)}0420${'02'.repeat(32)}`;
    const body = der + rest;
    const bytes = Buffer.from(`30${(body.length / 2).toString(16)}${body}`, 'hex');
    expect(headerHash(number, Buffer.alloc(32, 1), Buffer.alloc(32, 2))).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  });

  it.each([
    [0, 'VALID'],
    [11, 'MVCC_READ_CONFLICT'],
    [9, 'DUPLICATE_TXID'],
    [undefined, 'NOT_VALIDATED'],
    [77, 'CODE_77'],
  ])('code %s is %s', (code, name) => expect(validationCode(code)).toBe(name));
});
