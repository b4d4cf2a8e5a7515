/** Why a host cannot take a task, in the words of ECS (ecs-behaviour §4). Nothing else in the product spells them. */
export const REFUSALS = {
  /** No host of this id is known (StartTask). */
  missing: 'MISSING',
  /** Draining, deregistering or deregistered; `place` does not offer such hosts at all. */
  inactive: 'INACTIVE',
  /** The agent is disconnected. */
  agent: 'AGENT',
  cpu: 'RESOURCE:CPU',
  memory: 'RESOURCE:MEMORY',
  ports: 'RESOURCE:PORTS',
  /** An attribute that the task definition requires is absent. */
  attribute: 'ATTRIBUTE',
  memberOf: 'MemberOf placement constraint unsatisfied',
  distinctInstance: 'DistinctInstance placement constraint unsatisfied',
} as const;
