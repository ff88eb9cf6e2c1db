import { setTimeout as sleep } from 'node:timers/promises';
import { common, gateway as gatewayProtos, msp } from '@hyperledger/fabric-protos';
import type { Contract, Network } from '@hyperledger/fabric-gateway';
import {
  canonicalJson,
  LEDGER_QUERIES,
  qualifiedFunction,
  type Caller,
  type LedgerFunction,
  type LedgerTransactions,
} from '@tallywatt/contracts';
import { readBlock, validationCode } from './fabric-block.js';
import { isNotYet, ledgerErrorOf } from './fabric-error.js';
import { FabricGateways, type SignedGateway } from './fabric-gateways.js';
import { readFabricProfile, type FabricProfile } from './fabric-profile.js';
import {
  LedgerError,
  LedgerPort,
  type CommitStatus,
  type LedgerBlock,
  type PreparedTransaction,
} from './ledger.port.js';

/** A status that is there is answered in milliseconds; asking shorter than this asks nothing. */
export const STATUS_MS_MIN = 500;
/** Between two attempts to follow the chain, when a peer went away. */
const FOLLOW_RETRY_MS = 1_000;
const QUERIES: ReadonlySet<string> = new Set(LEDGER_QUERIES);

/** What the ledger takes from outside. */
export interface FabricLedgerOptions {
  readonly profile: FabricProfile;
  /** One line per fault of the block stream; it goes on by itself. */
  readonly report: (fault: string) => void;
}

/** The consortium's ledger through fabric-gateway, one connection per organisation that this deployment serves. */
export class FabricLedger extends LedgerPort {
  override readonly mode = 'fabric';
  private readonly gateways: FabricGateways;

  constructor(private readonly options: FabricLedgerOptions) {
    super();
    this.gateways = new FabricGateways(options.profile);
  }

  /** Everything runs on the network's side. */
  override start(): void {}

  override async stop(): Promise<void> {
    this.gateways.close();
  }

  override async prepare<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
  ): Promise<PreparedTransaction> {
    const proposal = this.contractFor(caller).newProposal(named(fn), { arguments: [canonicalJson(args)] });
    const txId = proposal.getTransactionId();
    return answered(txId, async () => {
      const transaction = await proposal.endorse();
      return { txId, bytes: transaction.getBytes(), result: textOf(transaction.getResult()) };
    });
  }

  override async submit({ txId, bytes }: Pick<PreparedTransaction, 'txId' | 'bytes'>): Promise<void> {
    const { gateway } = this.signerOf(bytes, txId);
    const transaction = gateway.newTransaction(bytes);
    if (transaction.getTransactionId() !== txId) {
      throw new LedgerError('final', 'MALFORMED_TRANSACTION', 'the bytes are of another transaction', txId);
    }
    try {
      await transaction.submit();
    } catch (error) {
      const fault = ledgerErrorOf(error, txId);
      // The orderers have it from an earlier submit: that is what was wanted.
      if (fault.code !== 'ALREADY_SUBMITTED') throw fault;
    }
  }

  override async commitStatus(txId: string, waitMs: number): Promise<CommitStatus | undefined> {
    const { channel } = this.options.profile;
    const { gateway, mspId, certificate } = this.anybody();
    const identity = new msp.SerializedIdentity();
    identity.setMspid(mspId);
    identity.setIdBytes(Buffer.from(certificate, 'utf8'));
    const request = new gatewayProtos.CommitStatusRequest();
    request.setChannelId(channel);
    request.setTransactionId(txId);
    request.setIdentity(identity.serializeBinary());
    const signed = new gatewayProtos.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    try {
      const deadline = Date.now() + Math.max(waitMs, STATUS_MS_MIN);
      const status = await gateway.newCommit(signed.serializeBinary()).getStatus({ deadline });
      return { txId, blockNumber: status.blockNumber, code: validationCode(status.code) };
    } catch (error) {
      if (isNotYet(error)) return undefined;
      throw ledgerErrorOf(error, txId);
    }
  }

  override evaluate(query: string, args: unknown, caller: Caller): Promise<string> {
    if (!QUERIES.has(query)) throw new LedgerError('final', 'ACCESS_DENIED', `${query} is no query`);
    return answered(undefined, async () => {
      const bytes = await this.contractFor(caller).evaluate(named(query), { arguments: [canonicalJson(args)] });
      return textOf(bytes);
    });
  }

  /** A peer that goes away ends its stream, not ours: the next one begins at the block that is missing. */
  override async *blocks(from: bigint, signal: AbortSignal): AsyncIterable<LedgerBlock> {
    let next = from;
    while (!signal.aborted) {
      try {
        for await (const block of this.follow(next, signal)) {
          yield block;
          next = block.number + 1n;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.options.report(`block stream: ${ledgerErrorOf(error).message}`);
        await sleep(FOLLOW_RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  override async height(): Promise<bigint> {
    const { channel } = this.options.profile;
    return answered(undefined, async () => {
      const system = this.network(this.anybody()).getContract('qscc');
      const bytes = await system.evaluateTransaction('GetChainInfo', channel);
      return BigInt(common.BlockchainInfo.deserializeBinary(bytes).getHeight());
    });
  }

  private async *follow(from: bigint, signal: AbortSignal): AsyncIterable<LedgerBlock> {
    const stream = await this.network(this.anybody()).getBlockEvents({ startBlock: from });
    const end = (): void => stream.close();
    signal.addEventListener('abort', end);
    try {
      for await (const block of stream) yield readBlock(block, this.options.profile.contract);
    } finally {
      signal.removeEventListener('abort', end);
      stream.close();
    }
  }

  private contractFor(caller: Caller): Contract {
    return this.network(this.gateways.for(caller)).getContract(this.options.profile.contract);
  }

  private network({ gateway }: SignedGateway): Network {
    return gateway.getNetwork(this.options.profile.channel);
  }

  /** Chain, height and status are the same for every member. */
  private anybody(): SignedGateway {
    const [first] = this.options.profile.organisations;
    if (first === undefined) throw new LedgerError('stop', 'ACCESS_DENIED', 'the profile names no organisation');
    return this.gateways.for({ mspId: first.mspId, role: 'settler' });
  }

  private signerOf(bytes: Uint8Array, txId: string): SignedGateway {
    const envelope = gatewayProtos.PreparedTransaction.deserializeBinary(bytes).getEnvelope();
    const header = common.Payload.deserializeBinary(envelope?.getPayload_asU8() ?? new Uint8Array()).getHeader();
    const signature = common.SignatureHeader.deserializeBinary(header?.getSignatureHeader_asU8() ?? new Uint8Array());
    const creator = msp.SerializedIdentity.deserializeBinary(signature.getCreator_asU8());
    const found = this.gateways.ofCreator(creator.getMspid(), textOf(creator.getIdBytes_asU8()));
    if (found !== undefined) return found;
    throw new LedgerError('stop', 'ACCESS_DENIED', 'the identity that signed these bytes is no longer here', txId);
  }
}

/** The ledger of the network that a profile file describes. */
export function openFabricLedger(profileFile: string, report: (fault: string) => void): FabricLedger {
  return new FabricLedger({ profile: readFabricProfile(profileFile), report });
}

function named(fn: string): string {
  const name = qualifiedFunction(fn);
  if (name === undefined) throw new LedgerError('final', 'ACCESS_DENIED', `there is no function ${fn}`);
  return name;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

async function answered<T>(txId: string | undefined, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw ledgerErrorOf(error, txId);
  }
}
