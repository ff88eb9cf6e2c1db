import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { peer } from '@hyperledger/fabric-protos';
import { BULK_KEYS_MAX, bulkStateOf } from '../bulk-state.js';
import type { ContractStub } from '../contract-stub.js';
import { announcesBulk, BulkPeers, type ShimStub } from './bulk-peers.js';

const { Type } = peer.ChaincodeMessage;

function announcement(writeMax: number, readMax: number, flags = true): Uint8Array {
  const params = new peer.ChaincodeAdditionalParams();
  params.setUseWriteBatch(flags);
  params.setMaxSizeWriteBatch(writeMax);
  params.setUseGetMultipleKeys(flags);
  params.setMaxSizeGetMultipleKeys(readMax);
  return params.serializeBinary();
}

/** A conversation whose peer has one key and notes what it is asked. */
class Conversation extends EventEmitter {
  readonly asked: peer.ChaincodeMessage[] = [];

  ready(payload: Uint8Array): void {
    const message = new peer.ChaincodeMessage();
    message.setType(Type.READY);
    message.setPayload(payload);
    this.emit('data', message);
  }

  answer(message: peer.ChaincodeMessage): Uint8Array {
    this.asked.push(message);
    if (message.getType() !== Type.GET_STATE_MULTIPLE) return new Uint8Array();
    const keys = peer.GetStateMultiple.deserializeBinary(message.getPayload_asU8()).getKeysList();
    const result = new peer.GetStateMultipleResult();
    result.setValuesList(keys.map((key) => (key === 'known' ? Buffer.from('value') : new Uint8Array())));
    return result.serializeBinary();
  }
}

function talk(payload: Uint8Array): { stub: ShimStub & ContractStub; conversation: Conversation } {
  const conversation = new Conversation();
  const plain: Pick<ContractStub, 'getState'> = { getState: async () => Buffer.from('plain') };
  const stub = {
    ...plain,
    channel_id: 'tallywatt',
    txId: 'tx-1',
    handler: {
      _stream: conversation,
      _askPeerAndListen: async (message: peer.ChaincodeMessage) => conversation.answer(message),
    },
  } as unknown as ShimStub & ContractStub;
  const peers = new BulkPeers();
  peers.watch(conversation);
  conversation.ready(payload);
  peers.equip(stub);
  return { stub, conversation };
}

describe('peers that take many keys at once', () => {
  it.each<[string, Uint8Array, boolean]>([
    ['both kinds, large enough', announcement(BULK_KEYS_MAX, BULK_KEYS_MAX), true],
    ['nothing, as peers before 3.1', new Uint8Array(), false],
    ['switched off', announcement(BULK_KEYS_MAX, BULK_KEYS_MAX, false), false],
    ['writes that are too small', announcement(BULK_KEYS_MAX - 1, BULK_KEYS_MAX), false],
    ['reads that are too small', announcement(BULK_KEYS_MAX, BULK_KEYS_MAX - 1), false],
  ])('announce %s', (_name, payload, answer) => expect(announcesBulk(payload)).toBe(answer));

  it('are asked once for all keys; a missing key is empty', async () => {
    const { stub, conversation } = talk(announcement(1000, 1000));
    const values = await bulkStateOf(stub).read(['known', 'missing']);
    expect(values.map((value) => Buffer.from(value).toString())).toEqual(['value', '']);
    expect(conversation.asked).toHaveLength(1);
    expect(conversation.asked[0]?.getTxid()).toBe('tx-1');
    expect(conversation.asked[0]?.getChannelId()).toBe('tallywatt');
  });

  it('get all writes in one message, deletions among them', async () => {
    const { stub, conversation } = talk(announcement(1000, 1000));
    await bulkStateOf(stub).write([
      { key: 'a', value: Buffer.from('1') },
      { key: 'b', value: null },
    ]);
    const [message] = conversation.asked;
    expect(message?.getType()).toBe(Type.WRITE_BATCH_STATE);
    const records = peer.WriteBatchState.deserializeBinary(message?.getPayload_asU8() ?? new Uint8Array()).getRecList();
    expect(
      records.map((record) => [record.getKey(), record.getType(), Buffer.from(record.getValue_asU8()).toString()]),
    ).toEqual([
      ['a', peer.WriteRecord.Type.PUT_STATE, '1'],
      ['b', peer.WriteRecord.Type.DEL_STATE, ''],
    ]);
  });
});

describe('other peers', () => {
  it('are asked key by key', async () => {
    const { stub, conversation } = talk(new Uint8Array());
    const values = await bulkStateOf(stub).read(['known']);
    expect(values.map((value) => Buffer.from(value).toString())).toEqual(['plain']);
    expect(conversation.asked).toEqual([]);
  });
});
