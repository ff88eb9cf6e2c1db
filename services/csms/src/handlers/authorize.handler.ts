import { Injectable } from '@nestjs/common';
import { Handles, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { AuthorizeRequest, AuthorizeResponse } from '../ocpp/requests.js';
import { TagAuthorisation, idTagInfoOf } from '../sessions/authorisation.js';

/** Whether the driver of this tag may charge, of whichever operator. */
@Injectable()
@Handles('Authorize')
export class AuthorizeHandler implements MessageHandler<'Authorize'> {
  constructor(private readonly authorisation: TagAuthorisation) {}

  async handle(request: AuthorizeRequest): Promise<AuthorizeResponse> {
    return { idTagInfo: idTagInfoOf(await this.authorisation.statusOf(request.idTag)) };
  }
}
