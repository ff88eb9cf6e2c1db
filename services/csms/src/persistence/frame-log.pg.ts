import type { Pool } from 'pg';
import { FrameLog, type LoggedFrame } from '../connection/pile-caller.js';
import { isTransactionAction } from '../ocpp/actions.js';
import { BufferedWriter } from './buffered-writer.js';
import { packFrames } from './frame-chunks.js';
import { PileActivity } from './pile-activity.pg.js';
import { storableJson } from './storable-text.js';
import type { StoreCircuit } from './store-circuit.js';

/** How far the live log may be behind the wire. */
const FLUSH_MS = 200;

/** These rows may be lost, so their commit waits for no disk while it holds the change sequence. */
const INSERT = `
insert into csms.frame_chunk (seq, frame_count, at, charge_point_id, heads, raw)
select csms.next_change_seqs(frame_count), frame_count, at, charge_point_id, heads, substring($2::bytea from first_byte + 1 for byte_count)
from (select set_config('synchronous_commit', 'off', true)) as no_wait,
  json_to_recordset($1) as x(
    charge_point_id text, at timestamptz, frame_count integer, heads json, first_byte integer, byte_count integer)`;

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
      const { chunks, raw } = packFrames(frames);
      await circuit.run(() => pool.query({ name: 'csms_frames', text: INSERT, values: [storableJson(chunks), raw] }));
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
