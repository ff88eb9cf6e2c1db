/** Every limit of the OCPP port, each with its reason. */

/** Largest message of a pile: a StopTransaction with a day of samples is about 100 KiB (ocpp.md). */
export const PAYLOAD_BYTES_MAX = 256 * 1024;
/** A message in more frames than this is an attack: chargers send one frame, proxies a few. */
export const FRAGMENTS_MAX = 64;
/** Chunks that wait for the rest of their frame: 256 KiB arrive in about 190 TCP segments; one-byte chunks must not pile up. */
export const BUFFERED_CHUNKS_MAX = 512;
/** A storm of 10,000 reconnects overflows Node's default of 511. */
export const LISTEN_BACKLOG = 4096;
/** 10,000 piles per process (ocpp.md) and their newcomers during a reconnect storm. */
export const CONNECTIONS_MAX = 12_000;
/** TCP connections: piles, and those who wait to be told 503. Node drops what comes beyond without a word. */
export const SOCKETS_MAX = CONNECTIONS_MAX + 1_000;
/** An upgrade request has about 12 header lines of together 1 KiB. */
export const HEADERS_COUNT_MAX = 64;
export const HEADER_BYTES_MAX = 8 * 1024;
/** Slow clients (reliability.md section 8). */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** `/ocpp/` + twice 48 characters fits four times. */
export const URL_LENGTH_MAX = 512;

/** Pings keep NAT entries alive; a peer that is silent for two intervals is gone (ocpp.md). */
export const PING_INTERVAL_MS = 30_000;
export const SILENCE_MS_MAX = 2 * PING_INTERVAL_MS;
/** One timer for all sockets: its period bounds the delay of pings, deadlines and overload detection. */
export const SWEEP_INTERVAL_MS = 1_000;
/** A socket that never says anything holds an identity for nothing. */
export const BOOT_TIMEOUT_MS = 60_000;
/** How long a stopping server lets running calls commit and answer. */
export const STOP_GRACE_MS = 5_000;
/** How long a closed socket may take over the closing handshake. */
export const CLOSE_TIMEOUT_MS = 5_000;
/** A reader this slow loses the socket: 4 of the largest messages. */
export const BUFFERED_BYTES_MAX = 1024 * 1024;

/** reliability.md section 8; transaction messages are limited by one call at a time alone. */
export const MESSAGES_PER_S_MAX = 20;
export const MESSAGE_BURST_MAX = 100;
/** Calls that wait behind the one that runs; beyond it the socket is not read, and TCP holds the sender back. */
export const INBOUND_QUEUE_MAX = 64;
/** OCPP-J errata: a messageId has at most 36 characters, the length of a UUID. */
export const MESSAGE_ID_LENGTH_MAX = 36;
/** Of a message id in an event: an id of 256 KiB must not fill the live log. */
export const LOGGED_ID_LENGTH_MAX = 64;
/** The longest action of the standard has 29 characters. */
export const ACTION_LENGTH_MAX = 64;
/** Frames that are no OCPP-J message; a charger with a defect sends a few, a fuzzer thousands. */
export const BAD_FRAMES_MAX = 20;
/** Message ids remembered to notice a reuse with other content; retries come within a few messages. */
export const RECENT_MESSAGES_MAX = 16;

/** Commands that wait for their turn on one pile: a person's patience, not a work queue. */
export const OUTBOUND_QUEUE_MAX = 32;
/** Ids of timed-out commands whose answer may still come. */
export const LATE_ANSWERS_MAX = 16;

/** C4: failed attempts in one window; an IP may be the NAT of many piles. */
export const ATTEMPT_WINDOW_MS = 60_000;
export const FAILURES_PER_IDENTITY_MAX = 5;
export const FAILURES_PER_IP_MAX = 100;
/** Distinct identities and IPs that the limiter remembers: 64 B each, so that a scan cannot fill memory. */
export const LIMITER_ENTRIES_MAX = 20_000;
/** Every 401 leaves this long after its request: neither HMAC nor scrypt nor an unknown id shows in the timing. */
export const REFUSAL_DELAY_MS = 100;
/** Unregistered piles kept for the pending list. */
export const PENDING_PILES_MAX = 1_000;

/** C3: more displacements of one identity mean two devices. */
export const SWAPS_MAX = 3;
export const SWAP_WINDOW_MS = 60_000;
/** Remote commands stay off for this long after an identity was contested. */
export const CONTESTED_MS = 600_000;

/** Whitepaper ed. 3, A00.FR.205: binary keys of 16–20 bytes, or 40 hexadecimal characters. */
export const PASSWORD_BYTES_MIN = 16;
export const PASSWORD_BYTES_MAX = 20;
export const PASSWORD_HEX_LENGTH = 40;
/** scrypt takes 36 ms of a pool thread: more waiting than this is an overload (503). */
export const SCRYPT_CONCURRENT_MAX = 2;
export const SCRYPT_WAITING_MAX = 64;
/** One verified password per registered pile that chose its own. */
export const VERIFIED_CACHE_MAX = 20_000;

/** While the store is down or the event loop lags, newcomers are told to come back after this long, ± 50 %. */
export const RETRY_AFTER_S = 10;
/** A killed PostgreSQL is back in about a second: piles must be at work again within 5 s of its end (reliability.md B9). */
export const OUTAGE_MS = 2_000;
/** reliability.md section 6: a blocked loop loses job locks. */
export const LOOP_LAG_MS_MAX = 1_000;
