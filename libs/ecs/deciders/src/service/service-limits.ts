/**
 * A task without a container health check counts as healthy when it has been RUNNING for this long. ECS waits 40 seconds
 * because it polls; here agents push what happens at once.
 */
export const TASK_HEALTHY_AFTER_RUNNING_SECONDS = 5;

/** Tasks that the service controller starts at once; what is left is due immediately, in a decision of its own. */
export const START_BATCH_TASKS_MAX = 100;

/** Quotas of ECS. */
export const SERVICES_PER_CLUSTER_MAX = 5_000;
export const TASKS_PER_SERVICE_MAX = 5_000;

/** 2,147,483,647. */
export const HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX = 2_147_483_647;

/** The same service message is not repeated for this long, and a steady state is announced again after it. */
export const MESSAGE_REPEAT_HOURS = 6;
/** Messages that are remembered for that purpose. */
export const RECENT_MESSAGES_MAX = 50;

export const SECOND_MS = 1_000;
export const MESSAGE_REPEAT_MS = MESSAGE_REPEAT_HOURS * 3_600 * SECOND_MS;
