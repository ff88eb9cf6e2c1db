import { Injectable } from '@nestjs/common';
import { Handles, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { DataTransferResponse } from '../ocpp/requests.js';

/** No vendor's extension is known; the frame is in the log like every other. */
@Injectable()
@Handles('DataTransfer')
export class DataTransferHandler implements MessageHandler<'DataTransfer'> {
  handle(): DataTransferResponse {
    return { status: 'UnknownVendorId' };
  }
}
