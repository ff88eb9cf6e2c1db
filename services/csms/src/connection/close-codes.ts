/** WebSocket close codes (RFC 6455, IANA registry) that this server uses. */
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_UNSUPPORTED_DATA = 1003;
export const CLOSE_POLICY_VIOLATION = 1008;
/** reliability.md: the store is down; the pile is offline to us, so it queues. */
export const CLOSE_TRY_AGAIN_LATER = 1013;
/** Private range: an authenticated newcomer has taken over this identity. */
export const CLOSE_REPLACED = 4000;
