/** Why Fargate tasks were not placed, as EventBridge and the log name it: none of the hosts that take them has room. */
export const FARGATE_CAPACITY_REASON = 'RESOURCE:FARGATE';

/** The same as RunTask's failures and the messages of services word it; clients match on it. */
export const FARGATE_CAPACITY_TEXT =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone';
