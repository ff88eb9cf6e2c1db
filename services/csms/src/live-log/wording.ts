import type { MoneyView, SettlementState } from '@tallywatt/contracts';
import { presentMoney } from '../api/money.presenter.js';

/** A frame may have 256 KiB; the log shows its beginning, the session's evidence has all of it. */
export const FRAME_BYTES_SHOWN_MAX = 4_096;

export interface Words {
  /** One line for people. */
  readonly text: string;
  readonly data: unknown;
}

export interface FrameSeen {
  readonly direction: 'in' | 'out';
  readonly action: string | null;
  readonly messageId: string | null;
  /** At most {@link FRAME_BYTES_SHOWN_MAX} bytes of it. */
  readonly raw: Buffer;
  readonly bytes: number;
}

export function describeFrame({ direction, action, messageId, raw, bytes }: FrameSeen): Words {
  const frame = withoutKeys(raw.toString('utf8'));
  const arrow = direction === 'in' ? '→' : '←';
  const data = { direction, action, messageId, frame, truncated: bytes > raw.length };
  return { text: `${arrow} ${action ?? 'answer'} ${frame}`, data };
}

const VALUE_MEMBER = /("value"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)/g;

/** A rotated AuthorizationKey travels in clear between us and the pile; nobody else gets to see it. */
function withoutKeys(frame: string): string {
  return frame.includes('AuthorizationKey') ? frame.replace(VALUE_MEMBER, '$1"***"') : frame;
}

const SESSION_WORDS: ReadonlyMap<string, string> = new Map([
  ['started', 'session started'],
  ['refused', 'session refused'],
  ['meter', 'meter reading'],
  ['stopped', 'session stopped'],
  ['inferred', 'session ended without a stop'],
  ['held', 'held for review'],
  ['revised', 'facts revised'],
  ['repeated', 'repeated by the pile, nothing counted twice'],
  ['stop_differs', 'a second, different stop; the first stands'],
  ['parked', 'parked until its start arrives'],
  ['matched', 'matched with its start'],
  ['orphaned', 'no start came; held for a person'],
]);

export function describeSession(kind: string, data: unknown): string {
  const words = SESSION_WORDS.get(kind) ?? kind;
  const details = typeof data === 'object' && data !== null ? Object.entries(data) : [];
  const shown = details
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name} ${String(value)}`);
  return shown.length === 0 ? words : `${words}: ${shown.join(', ')}`;
}

export interface SettlementStepSeen {
  readonly state: SettlementState;
  readonly code: string | null;
  readonly txId: string | null;
  readonly blockNumber: string | null;
  readonly totalMinor: string | null;
}

export function describeSettlement(step: SettlementStepSeen): Words {
  const total: MoneyView | null = step.totalMinor === null ? null : presentMoney(step.totalMinor);
  const parts = [
    `settlement ${step.state}`,
    ...(step.code === null ? [] : [`(${step.code})`]),
    ...(total === null ? [] : [`${total.amount} ${total.currency}`]),
    ...(step.blockNumber === null ? [] : [`in block ${step.blockNumber}`]),
  ];
  const blockNumber = step.blockNumber === null ? null : Number(step.blockNumber);
  return { text: parts.join(' '), data: { state: step.state, code: step.code, total, txId: step.txId, blockNumber } };
}
