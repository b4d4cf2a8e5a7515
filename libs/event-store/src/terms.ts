/*
 * How long an adapter of the journal and of its lease waits. The times are the same wherever the journal is kept, so that what
 * is simulated waits as long as what ships.
 */

/** How long an append waits for a connection, and then for its answer, after which its outcome is unknown. */
export const APPEND_TIMEOUT_MS = 5_000;
/** A holder that is silent for this long has lost its lease. */
export const LEASE_TTL_MS = 3_000;
export const LEASE_RENEW_INTERVAL_MS = 1_000;
/** A holder gives up this long before the lease may be given away: clocks drift and callbacks are late. */
export const LEASE_SAFETY_MARGIN_MS = 500;
