import { createHash } from 'node:crypto';
import { common, ledger as ledgerProtos, msp, peer } from '@hyperledger/fabric-protos';
import { LEDGER_FUNCTIONS, type Caller, type LedgerFunction } from '@tallywatt/contracts';
import { callerOf, peerNodeOf } from './fabric-certificate.js';
import type { LedgerBlock, LedgerBlockTransaction, ValidationCode } from './ledger.port.js';

const { HeaderType, BlockMetadataIndex } = common;
const FUNCTIONS: ReadonlySet<string> = new Set(LEDGER_FUNCTIONS);
const CODE_NAMES = new Map<number, string>(
  Object.entries<number>({ ...peer.TxValidationCode }).map(([name, code]): [number, string] => [code, name]),
);

/**
 * A block as settlement reads it: the contract's transactions with what they wrote, who signed and who endorsed. Config
 * transactions and other contracts' are left out; the block itself stays, so that no number is missing.
 */
export function readBlock(block: common.Block, contract: string): LedgerBlock {
  const header = block.getHeader();
  if (header === undefined) throw new Error('a block without a header');
  const codes = block.getMetadata()?.getMetadataList_asU8()[BlockMetadataIndex.TRANSACTIONS_FILTER] ?? new Uint8Array();
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const transactions = envelopes.flatMap((bytes, index) => {
    const transaction = readTransaction(bytes, codes[index], contract);
    return transaction === undefined ? [] : [transaction];
  });
  return {
    number: BigInt(header.getNumber()),
    previousHash: Buffer.from(header.getPreviousHash_asU8()).toString('hex'),
    hash: headerHash(BigInt(header.getNumber()), header.getPreviousHash_asU8(), header.getDataHash_asU8()),
    // Blocks carry no time of their own.
    committedAtMs: Math.max(0, ...transactions.map(({ timestampMs }) => timestampMs)),
    transactions,
  };
}

function readTransaction(
  bytes: Uint8Array,
  code: number | undefined,
  contract: string,
): LedgerBlockTransaction | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const header = payload.getHeader();
  const channel = common.ChannelHeader.deserializeBinary(header?.getChannelHeader_asU8() ?? new Uint8Array());
  if (channel.getType() !== HeaderType.ENDORSER_TRANSACTION) return undefined;
  const signature = common.SignatureHeader.deserializeBinary(header?.getSignatureHeader_asU8() ?? new Uint8Array());
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  if (action === undefined) return undefined;
  const read = readAction(action.getPayload_asU8(), contract);
  if (read === undefined) return undefined;
  const time = channel.getTimestamp();
  return {
    txId: channel.getTxId(),
    code: validationCode(code),
    creator: creatorOf(signature.getCreator_asU8()),
    timestampMs: (time?.getSeconds() ?? 0) * 1000 + Math.floor((time?.getNanos() ?? 0) / 1_000_000),
    ...read,
  };
}

type ReadAction = Pick<LedgerBlockTransaction, 'fn' | 'args' | 'writes' | 'event' | 'endorsers'>;

function readAction(bytes: Uint8Array, contract: string): ReadAction | undefined {
  const payload = peer.ChaincodeActionPayload.deserializeBinary(bytes);
  const call = invocationOf(payload.getChaincodeProposalPayload_asU8(), contract);
  if (call === undefined) return undefined;
  const endorsed = payload.getAction();
  const response = peer.ProposalResponsePayload.deserializeBinary(
    endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const action = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  return {
    ...call,
    writes: writesOf(action.getResults_asU8(), contract),
    event: eventOf(action.getEvents_asU8()),
    endorsers: (endorsed?.getEndorsementsList() ?? []).map((endorsement) => {
      const identity = msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8());
      return { mspId: identity.getMspid(), peerNode: peerNodeOf(pemOf(identity)) };
    }),
  };
}

function invocationOf(bytes: Uint8Array, contract: string): { fn: LedgerFunction; args: string } | undefined {
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(bytes);
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec();
  if (spec?.getChaincodeId()?.getName() !== contract) return undefined;
  const [name = '', args = ''] = (spec.getInput()?.getArgsList_asU8() ?? []).map((arg) =>
    Buffer.from(arg).toString('utf8'),
  );
  const fn = name.slice(name.indexOf(':') + 1);
  return isLedgerFunction(fn) ? { fn, args } : undefined;
}

function isLedgerFunction(name: string): name is LedgerFunction {
  return FUNCTIONS.has(name);
}

function writesOf(results: Uint8Array, contract: string): LedgerBlockTransaction['writes'] {
  const sets = ledgerProtos.rwset.TxReadWriteSet.deserializeBinary(results).getNsRwsetList();
  const own = sets.find((set) => set.getNamespace() === contract);
  if (own === undefined) return [];
  const writes = ledgerProtos.rwset.kvrwset.KVRWSet.deserializeBinary(own.getRwset_asU8()).getWritesList();
  return writes.map((write) => ({ key: write.getKey(), value: write.getIsDelete() ? null : write.getValue_asU8() }));
}

function eventOf(bytes: Uint8Array): LedgerBlockTransaction['event'] {
  if (bytes.length === 0) return null;
  const event = peer.ChaincodeEvent.deserializeBinary(bytes);
  return { name: event.getEventName(), payload: event.getPayload_asU8() };
}

function creatorOf(bytes: Uint8Array): Caller {
  const identity = msp.SerializedIdentity.deserializeBinary(bytes);
  return callerOf(identity.getMspid(), pemOf(identity));
}

function pemOf(identity: msp.SerializedIdentity): string {
  return Buffer.from(identity.getIdBytes_asU8()).toString('utf8');
}

/** A missing code is a peer's that did not validate: never taken for VALID. */
export function validationCode(code: number | undefined): ValidationCode {
  return code === undefined ? 'NOT_VALIDATED' : (CODE_NAMES.get(code) ?? `CODE_${code}`);
}

/** Hash of a block: SHA-256 of its header in DER, as Fabric computes it (number, previous hash, data hash). */
export function headerHash(number: bigint, previousHash: Uint8Array, dataHash: Uint8Array): string {
  const body = Buffer.concat([derNumber(number), derOctets(previousHash), derOctets(dataHash)]);
  return createHash('sha256').update(derTagged(0x30, body)).digest('hex');
}

function derNumber(value: bigint): Buffer {
  const hex = value.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const positive = ((digits[0] ?? 0) & 0x80) === 0 ? digits : Buffer.concat([Buffer.from([0]), digits]);
  return derTagged(0x02, positive);
}

function derOctets(bytes: Uint8Array): Buffer {
  return derTagged(0x04, Buffer.from(bytes));
}

/** Lengths under 128, which header fields and their sum of 3 × 34 bytes stay below. */
function derTagged(tag: number, body: Buffer): Buffer {
  if (body.length > 127) throw new Error('a block header longer than any of Fabric');
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}
