import type { Pool, QueryConfig } from 'pg';
import { PileJournal, type ConnectorStatusEntry } from '../handlers/pile-journal.js';
import type { BootNotificationRequest } from '../ocpp/requests.js';
import { BatchReader } from './batch-reader.js';
import { instant } from './instant.js';
import { storableJson } from './storable-text.js';
import type { StoreCircuit } from './store-circuit.js';

/** Over-long strings of chargers are flagged, not refused: this much of them becomes a column. */
export const COLUMN_LENGTH_MAX = 255;

/** In the order of ids, as everything that locks many piles: two orders would deadlock when all of them come back at once. */
const BOOTS = `
update csms.charge_point p set
  vendor = x.vendor, model = x.model, serial_number = x.serial_number, box_serial_number = x.box_serial_number,
  firmware_version = x.firmware_version, iccid = x.iccid, imsi = x.imsi, meter_type = x.meter_type,
  meter_serial_number = x.meter_serial_number, booted_at = x.booted_at
from (select * from json_populate_recordset(null::csms.charge_point, $1) order by charge_point_id) x
where p.charge_point_id = x.charge_point_id`;

/** Of several in one batch the last one stands. */
const STATUSES = `
insert into csms.connector_status (charge_point_id, connector_id, status, error_code, info, vendor_id, vendor_error_code, status_at, received_at)
select distinct on (charge_point_id, connector_id)
  charge_point_id, connector_id, status, error_code, info, vendor_id, vendor_error_code, status_at, received_at
from rows from (json_to_recordset($1) as (charge_point_id text, connector_id int, status text, error_code text, info text, vendor_id text,
  vendor_error_code text, status_at timestamptz, received_at timestamptz))
  with ordinality as x(charge_point_id, connector_id, status, error_code, info, vendor_id, vendor_error_code, status_at, received_at, ord)
order by charge_point_id, connector_id, ord desc
on conflict (charge_point_id, connector_id) do update set
  status = excluded.status, error_code = excluded.error_code, info = excluded.info, vendor_id = excluded.vendor_id,
  vendor_error_code = excluded.vendor_error_code, status_at = excluded.status_at, received_at = excluded.received_at`;

interface Boot {
  readonly chargePointId: string;
  readonly request: BootNotificationRequest;
  readonly atMs: number;
}

/** Boots and statuses of many piles go together: after an outage all of them boot at once. */
export class PgPileJournal extends PileJournal {
  private readonly boots: BatchReader<Boot, true>;
  private readonly statuses: BatchReader<ConnectorStatusEntry, true>;

  constructor(
    private readonly pool: Pool,
    private readonly circuit: StoreCircuit,
  ) {
    super();
    this.boots = new BatchReader((boots) => this.write('csms_boots', BOOTS, boots.map(bootRow)));
    this.statuses = new BatchReader((statuses) => this.write('csms_statuses', STATUSES, statuses.map(statusRow)));
  }

  override async boot(chargePointId: string, request: BootNotificationRequest, atMs: number): Promise<void> {
    await this.boots.ask({ chargePointId, request, atMs });
  }
  override async status(entry: ConnectorStatusEntry): Promise<void> {
    await this.statuses.ask(entry);
  }
  override async firmwareStatus(chargePointId: string, status: string): Promise<void> {
    await this.run({
      text: 'update csms.charge_point set firmware_status = $2 where charge_point_id = $1',
      values: [chargePointId, status],
    });
  }
  override async diagnosticsStatus(chargePointId: string, status: string): Promise<void> {
    await this.run({
      text: 'update csms.charge_point set diagnostics_status = $2 where charge_point_id = $1',
      values: [chargePointId, status],
    });
  }

  private async write(name: string, text: string, rows: readonly object[]): Promise<true[]> {
    await this.run({ name, text, values: [storableJson(rows)] });
    return rows.map(() => true);
  }

  private async run(query: QueryConfig): Promise<void> {
    await this.circuit.run(() => this.pool.query(query));
  }
}

const cut = (text: string | undefined): string | null => text?.slice(0, COLUMN_LENGTH_MAX) ?? null;

function bootRow({ chargePointId, request, atMs }: Boot): object {
  return {
    charge_point_id: chargePointId,
    vendor: cut(request.chargePointVendor),
    model: cut(request.chargePointModel),
    serial_number: cut(request.chargePointSerialNumber),
    box_serial_number: cut(request.chargeBoxSerialNumber),
    firmware_version: cut(request.firmwareVersion),
    iccid: cut(request.iccid),
    imsi: cut(request.imsi),
    meter_type: cut(request.meterType),
    meter_serial_number: cut(request.meterSerialNumber),
    booted_at: instant(atMs),
  };
}

function statusRow({ chargePointId, request, statusAtMs, receivedAtMs }: ConnectorStatusEntry): object {
  return {
    charge_point_id: chargePointId,
    connector_id: request.connectorId,
    status: request.status,
    error_code: cut(request.errorCode),
    info: cut(request.info),
    vendor_id: cut(request.vendorId),
    vendor_error_code: cut(request.vendorErrorCode),
    status_at: instant(statusAtMs),
    received_at: instant(receivedAtMs),
  };
}
