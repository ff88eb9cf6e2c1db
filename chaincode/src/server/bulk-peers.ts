import { peer } from '@hyperledger/fabric-protos';
import type { PeerStream } from 'fabric-shim/lib/server.js';
import { BULK_KEYS_MAX, type BulkStub, type StateWrite } from '../bulk-state.js';

/** The parts of fabric-shim 2.5.8's stub that lead to its conversation with the peer. */
export interface ShimStub {
  readonly channel_id: string;
  readonly txId: string;
  readonly handler: {
    readonly _stream: PeerStream;
    _askPeerAndListen(message: peer.ChaincodeMessage, method: string): Promise<Uint8Array>;
  };
}

/**
 * Knows which peers take many keys in one message. Peers since 3.1 say so in the payload of READY, which fabric-shim
 * 2.5.8 drops; with others the contract's plain calls stay.
 */
export class BulkPeers {
  private readonly able = new WeakSet<PeerStream>();

  /** Listens to a peer's first words; call it before the shim starts to talk. */
  watch(stream: PeerStream): void {
    stream.on('data', (message) => {
      if (message.getType() === peer.ChaincodeMessage.Type.READY && announcesBulk(message.getPayload_asU8())) {
        this.able.add(stream);
      }
    });
  }

  /** Gives the stub the bulk calls when its peer takes them. */
  equip(stub: object): void {
    if (isShimStub(stub) && this.able.has(stub.handler._stream)) Object.assign(stub, bulkCalls(stub));
  }
}

/** The shim's types show neither; another version of it may have moved them. */
function isShimStub(stub: object): stub is ShimStub {
  return 'handler' in stub && typeof stub.handler === 'object' && stub.handler !== null && '_stream' in stub.handler;
}

/** Both kinds, and no smaller than what the contract sends: a peer set to less is served by plain calls. */
export function announcesBulk(readyPayload: Uint8Array): boolean {
  if (readyPayload.length === 0) return false;
  const params = peer.ChaincodeAdditionalParams.deserializeBinary(readyPayload);
  return (
    params.getUseWriteBatch() &&
    params.getMaxSizeWriteBatch() >= BULK_KEYS_MAX &&
    params.getUseGetMultipleKeys() &&
    params.getMaxSizeGetMultipleKeys() >= BULK_KEYS_MAX
  );
}

function bulkCalls(stub: ShimStub): BulkStub {
  const ask = (type: Parameters<peer.ChaincodeMessage['setType']>[0], payload: Uint8Array): Promise<Uint8Array> => {
    const message = new peer.ChaincodeMessage();
    message.setType(type);
    message.setPayload(payload);
    message.setTxid(stub.txId);
    message.setChannelId(stub.channel_id);
    // Any method without a parser of its own answers the raw payload.
    return stub.handler._askPeerAndListen(message, 'GetState');
  };
  return {
    async getMultipleStates(keys) {
      const request = new peer.GetStateMultiple();
      request.setKeysList([...keys]);
      const answer = await ask(peer.ChaincodeMessage.Type.GET_STATE_MULTIPLE, request.serializeBinary());
      const values = peer.GetStateMultipleResult.deserializeBinary(answer).getValuesList_asU8();
      if (values.length !== keys.length) throw new Error(`asked for ${keys.length} keys, got ${values.length}`);
      return values;
    },
    async writeMultipleStates(writes) {
      const request = new peer.WriteBatchState();
      request.setRecList(writes.map(writeRecord));
      await ask(peer.ChaincodeMessage.Type.WRITE_BATCH_STATE, request.serializeBinary());
    },
  };
}

function writeRecord({ key, value }: StateWrite): peer.WriteRecord {
  const record = new peer.WriteRecord();
  record.setKey(key);
  record.setType(value === null ? peer.WriteRecord.Type.DEL_STATE : peer.WriteRecord.Type.PUT_STATE);
  if (value !== null) record.setValue(value);
  return record;
}
