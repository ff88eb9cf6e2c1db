import type { PageView, SessionView } from '@tallywatt/contracts';
import { sessionsQuery } from '@tallywatt/contracts';
import type { z } from 'zod';
import type { Scope } from '../auth/scope.js';

export type SessionsQuery = Omit<z.output<typeof sessionsQuery>, 'format'>;

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}
/** One typed sample of a MeterValues or StopTransaction frame. */
export interface MeterValueView {
  readonly at: string;
  readonly receivedAt: string;
  readonly measurand: string;
  readonly value: string;
  readonly unit: string | null;
  readonly phase: string | null;
  readonly context: string | null;
  readonly location: string | null;
}
/** A frame as it was on the wire: the evidence of the session. */
export interface FrameView {
  readonly seq: string;
  readonly at: string;
  readonly direction: 'in' | 'out';
  readonly action: string | null;
  readonly messageId: string;
  readonly frame: string;
}

/** Sessions as people read them; every query carries the caller's scope. */
export abstract class SessionQueries {
  abstract list(scope: Scope, query: SessionsQuery): Promise<PageView<SessionView>>;
  abstract find(scope: Scope, sessionId: string): Promise<SessionView | undefined>;
  abstract meterValues(sessionId: string, page: PageQuery): Promise<PageView<MeterValueView>>;
  abstract frames(sessionId: string, page: PageQuery): Promise<PageView<FrameView>>;
}
