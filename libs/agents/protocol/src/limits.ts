/** At most this many task definitions per request. */
export const DEFINITIONS_PER_REQUEST_MAX = 50;

/**
 * Messages between agents and the control plane, as JSON in UTF-8: far below what the server carries, so that one host
 * with very much to do does not hold up the others. What is larger is sent in several.
 */
export const AGENT_MESSAGE_BYTES_MAX = 128 * 1024;

export const HEARTBEAT_INTERVAL_SECONDS = 2;

/** Without a heartbeat for this long an instance counts as disconnected. */
export const HEARTBEAT_TIMEOUT_SECONDS = 10;
