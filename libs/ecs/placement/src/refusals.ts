import { FARGATE_CAPACITY_REASON } from '#libs/ecs/messages';

/** Why a host cannot take a task. */
export interface Refusal {
  /** One of REFUSALS: `RESOURCE:CPU`, `AGENT`, `ATTRIBUTE`, `MemberOf placement constraint unsatisfied`, … */
  readonly reason: string;
  /** What exactly is missing, where the reason does not say: the attributes, the expression. */
  readonly detail?: string;
}

/** Characters of a detail; what is longer is cut. Attribute names and expressions come from callers. */
export const REFUSAL_DETAIL_CHARACTERS_MAX = 256;

/** The reasons in the words of ECS. Nothing else in the product spells them. */
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
  /** Devices of a type, such as GPU. */
  device: (type: string): string => `RESOURCE:${type}`,
  /** No host that takes Fargate tasks has room. */
  fargate: FARGATE_CAPACITY_REASON,
  /** An attribute that the task definition requires is absent. */
  attribute: 'ATTRIBUTE',
  memberOf: 'MemberOf placement constraint unsatisfied',
  distinctInstance: 'DistinctInstance placement constraint unsatisfied',
} as const;
