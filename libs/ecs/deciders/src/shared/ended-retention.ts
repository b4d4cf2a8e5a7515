/** What has ended can be described for this long: an hour, as in ECS. The history has it permanently. */
export const ENDED_RETENTION_MS = 3_600_000;
