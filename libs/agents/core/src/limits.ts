/** ECS_CONTAINER_STOP_TIMEOUT: between the stop signal and SIGKILL when the definition says nothing. */
export const STOP_TIMEOUT_SECONDS_DEFAULT = 30;

/** A container that ran for less than this since its last start is not started again by its restart policy. */
export const RESTART_ATTEMPT_PERIOD_SECONDS_DEFAULT = 300;

/** A pause container that runs and has no address is asked to get one this often before the task fails. */
export const ADDRESS_ATTEMPTS_MAX = 5;

/**
 * How long a stopped task's containers stay on the host after its STOPPED report is durable, so that people can read
 * their logs. ECS keeps them 3 hours; a crash loop fills a small host's disk in that time, and here the log already
 * keeps the exit codes and reasons permanently.
 */
export const CLEANUP_DELAY_MS_DEFAULT = 300_000;

/** Of more ended tasks than this the containers do not stay: a crash loop ends a task each few seconds. */
export const STOPPED_TASKS_KEPT_MAX = 100;

/** Docker's events are a hint: the engine is listed again this often. */
export const INVENTORY_INTERVAL_MS_DEFAULT = 30_000;

/** A list that failed (engine down) is asked for again after this long. */
export const INVENTORY_RETRY_MS = 1_000;

/** Without an answer for this long a session or report request counts as lost and is repeated. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** First and longest pause between attempts to open a session or to have a report answered. */
export const RETRY_MS_MIN = 100;
export const RETRY_MS_MAX = 5_000;

/** A session that held this long was a good one: the next failure starts with the shortest pause again. */
export const SESSION_STABLE_MS = 30_000;

/** An instance that was deregistered asks again this often (ECS: each hour). */
export const INACTIVE_RETRY_MS = 60_000;

/**
 * A session that another process of the same instance has fenced waits at least this long before it opens again, and
 * longer each time while it is fenced again soon: two live processes must not fight at full speed, and a belated request
 * of one that is dead must not stall the living.
 */
export const FENCED_RETRY_MS = 1_000;

/** Directives that arrive while a session is being opened; more than this many and the set is asked for again. */
export const BUFFERED_ASSIGNS_MAX = 256;

/** An image is asked for this often before the container fails (ECS: 5, and never for "not found" or "denied"). */
export const PULL_ATTEMPTS_MAX = 5;
export const PULL_RETRY_MS_MIN = 1_100;
export const PULL_RETRY_MS_MAX = 5_000;

/** A call whose outcome is unknown (engine down, timed out) is looked at again after a pause between these two. */
export const CALL_RETRY_MS_MIN = 200;
export const CALL_RETRY_MS_MAX = 10_000;

/** A SIGKILL that brought no end is repeated this often. */
export const KILL_RETRY_MS = 10_000;

/** Calls in flight at once. More than 2 × cores creations and starts buys only latency (measured). */
export const STARTS_IN_FLIGHT_PER_CORE = 2;
export const PULLS_IN_FLIGHT_MAX = 8;
export const OTHER_CALLS_IN_FLIGHT_MAX = 16;

/** Task definitions that are kept though no task here uses them any more: the next task of the kind starts without asking. */
export const UNUSED_DEFINITIONS_MAX = 64;

/** Ids of tasks that ended here and are cleaned up: never started again, whatever arrives late. */
export const REMEMBERED_TASKS_MAX = 20_000;
