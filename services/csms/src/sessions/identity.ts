import { createHash } from 'node:crypto';

/** Namespace of session ids, made once for this purpose; changing it would bill every session a second time. */
const SESSION_NAMESPACE = Buffer.from('5f0c9c1e6f0b4f4c9a3d2a7b8e41d6c3', 'hex');

/** What makes a StartTransaction the same one again, whatever its message id. */
export interface StartKey {
  readonly chargePointId: string;
  /** As reported; unreadable values take part as their JSON text. */
  readonly connectorId: string;
  readonly idTag: string;
  /** The instant in ISO 8601 when readable, else the text as sent. */
  readonly startTimestamp: string;
  readonly meterStart: string;
}

/** SHA-256 (hex) of the natural key: pile, connector, idTag (without case), start timestamp, meterStart. */
export function naturalKeyOf(key: StartKey): string {
  return digestOf([key.chargePointId, key.connectorId, key.idTag.toLowerCase(), key.startTimestamp, key.meterStart]);
}

/** SHA-256 (hex) over a list of texts, unambiguous whatever the texts hold. */
export function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Session id = settlement id = bill id: uuid version 5 (RFC 9562), the same for the same transaction for ever. */
export function sessionIdOf(
  key: Pick<StartKey, 'chargePointId' | 'startTimestamp' | 'meterStart'>,
  transactionId: number,
): string {
  const name = JSON.stringify([key.chargePointId, transactionId, key.startTimestamp, key.meterStart]);
  const bytes = createHash('sha1').update(SESSION_NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** SHA-256 of a raw frame. */
export function frameDigest(rawFrame: string): Buffer {
  return createHash('sha256').update(rawFrame, 'utf8').digest();
}

/** evidence_sha256: SHA-256 (hex) over the SHA-256 digests of the session's frames in order. */
export function evidenceOf(frameDigests: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const digest of frameDigests) hash.update(digest);
  return hash.digest('hex');
}
