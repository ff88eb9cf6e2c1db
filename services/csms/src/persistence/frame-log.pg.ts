import type { Pool } from 'pg';
import { FrameLog, type LoggedFrame } from '../connection/pile-caller.js';
import { isTransactionAction } from '../ocpp/actions.js';
import { BufferedWriter } from './buffered-writer.js';
import { instant } from './instant.js';
import { PileActivity } from './pile-activity.pg.js';
import { storableJson } from './storable-text.js';
import type { StoreCircuit } from './store-circuit.js';

/** How far the live log may be behind the wire. */
const FLUSH_MS = 200;
/** Frames that are shown are read, not archived: the rest of a longer one is cut. */
export const FRAME_LENGTH_MAX = 64 * 1024;

/** These rows may be lost, so their commit waits for no disk while it holds the change sequence. */
const INSERT = `
insert into csms.frame_transient (at, charge_point_id, direction, action, message_id, raw)
select at, charge_point_id, direction, action, message_id, decode(raw, 'base64')
from (select set_config('synchronous_commit', 'off', true)) as no_wait,
  json_to_recordset($1) as x(at timestamptz, charge_point_id text, direction text, action text, message_id text, raw text)`;

/** The 7-day store of frames, and the note that a pile was seen. A pile's own transaction calls are kept with their commit. */
export class PgFrameLog extends FrameLog {
  private readonly writer: BufferedWriter<LoggedFrame>;

  constructor(
    pool: Pool,
    circuit: StoreCircuit,
    private readonly activity: PileActivity,
  ) {
    super();
    this.writer = new BufferedWriter('frame-log', FLUSH_MS, async (frames) => {
      await circuit.run(() =>
        pool.query({ name: 'csms_frames', text: INSERT, values: [storableJson(frames.map(rowOf))] }),
      );
    });
  }

  override append(frame: LoggedFrame): void {
    if (frame.direction === 'in') {
      this.activity.seen(frame.chargePointId, frame.at, frame.action === 'Heartbeat');
      if (frame.action !== undefined && isTransactionAction(frame.action)) return;
    }
    this.writer.append(frame);
  }

  flush(): Promise<void> {
    return this.writer.flush();
  }
}

function rowOf(frame: LoggedFrame): object {
  return {
    at: instant(frame.at),
    charge_point_id: frame.chargePointId,
    direction: frame.direction,
    action: frame.action ?? null,
    message_id: frame.messageId,
    raw: Buffer.from(frame.frame.slice(0, FRAME_LENGTH_MAX), 'utf8').toString('base64'),
  };
}
