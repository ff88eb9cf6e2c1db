import { Module } from '@nestjs/common';
import { AuthorizeHandler } from './authorize.handler.js';
import { BootNotificationHandler } from './boot-notification.handler.js';
import { DataTransferHandler } from './data-transfer.handler.js';
import { DiagnosticsStatusNotificationHandler } from './diagnostics-status-notification.handler.js';
import { FirmwareStatusNotificationHandler } from './firmware-status-notification.handler.js';
import { HeartbeatHandler } from './heartbeat.handler.js';
import { MeterValuesHandler } from './meter-values.handler.js';
import { StartTransactionHandler } from './start-transaction.handler.js';
import { StatusNotificationHandler } from './status-notification.handler.js';
import { StopTransactionHandler } from './stop-transaction.handler.js';

/** One handler per message of a pile: this list is the table of contents. */
@Module({
  providers: [
    AuthorizeHandler,
    BootNotificationHandler,
    DataTransferHandler,
    DiagnosticsStatusNotificationHandler,
    FirmwareStatusNotificationHandler,
    HeartbeatHandler,
    MeterValuesHandler,
    StartTransactionHandler,
    StatusNotificationHandler,
    StopTransactionHandler,
  ],
})
export class HandlersModule {}
