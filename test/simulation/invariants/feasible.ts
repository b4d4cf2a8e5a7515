import type { PlacementConstraint, PlacementStrategy } from '#libs/ecs/messages';
import { isMember } from '../workload/constraints.ts';
import { takenOf } from './log-checks.ts';
import type { LogModel } from './log-model.ts';
import type { ModelInstance } from './model-records.ts';
import type { TaskNeeds } from './task-needs.ts';
import type { InvariantName } from './violation.ts';

/** What a task asks of the instance that it is placed on. */
export interface PlacementAsk extends TaskNeeds {
  readonly group: string;
  readonly launchType: string;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
}

/** Without a strategy tasks are spread over zones, then over instances. */
const STRATEGY_DEFAULT: readonly PlacementStrategy[] = [
  { type: 'spread', field: 'attribute:ecs.availability-zone' },
  { type: 'spread', field: 'instanceId' },
];

/** Fargate tasks are spread over zones and packed there; callers have no say in it. */
const FARGATE_STRATEGY: readonly PlacementStrategy[] = [
  { type: 'spread', field: 'attribute:ecs.availability-zone' },
  { type: 'binpack', field: 'memory' },
  { type: 'binpack', field: 'cpu' },
];

/** Why an instance cannot take a task, and which invariant says so. */
export interface Refusal {
  readonly invariant: InvariantName;
  readonly why: string;
}

/** Why an instance cannot take a task now, or null. Worked out from the log alone, one rule after the other. */
export function refusalOf(instance: ModelInstance, ask: PlacementAsk): Refusal | null {
  if (instance.status !== 'ACTIVE') return refusal('S14', `it is ${instance.status}`);
  if (!instance.connected) return refusal('S14', 'its agent is away');
  if (!instance.launchTypes.some((launchType) => launchType === ask.launchType)) {
    return refusal('S27', `it takes ${instance.launchTypes.join(', ')} and not ${ask.launchType}`);
  }
  const { cpu, memory, reservedTcpPorts, reservedUdpPorts } = instance.resources;
  const taken = takenOf(instance);
  if (taken.cpu + ask.cpu > cpu || taken.memory + ask.memory > memory) {
    return refusal('S7', `${ask.cpu}/${ask.memory} do not fit beside ${taken.cpu}/${taken.memory} of ${cpu}/${memory}`);
  }
  const used = new Set([
    ...taken.ports,
    ...reservedTcpPorts.map((port) => `tcp/${port}`),
    ...reservedUdpPorts.map((port) => `udp/${port}`),
  ]);
  const port = ask.ports.find((one) => used.has(one));
  if (port !== undefined) return refusal('S8', `port ${port} is taken`);
  const missing = ask.requiredAttributes.find(({ name, value }) => {
    const has = instance.attributes.get(name);
    return has === undefined || (value !== undefined && has !== value);
  });
  if (missing !== undefined) return refusal('S12', `it has no attribute ${missing.name}`);
  const broken = ask.constraints.find((constraint) => !meets(instance, ask, constraint));
  if (broken === undefined) return null;
  return refusal('S12', `the constraint ${broken.type} ${broken.expression ?? ''} is not met`);
}

function refusal(invariant: InvariantName, why: string): Refusal {
  return { invariant, why };
}

function meets(instance: ModelInstance, { group }: PlacementAsk, constraint: PlacementConstraint): boolean {
  const groups = new Set([...instance.tasks].map(({ template }) => template.group));
  if (constraint.type === 'distinctInstance') return !groups.has(group);
  return isMember({ attributes: instance.attributes, groups, taskCount: instance.tasks.size }, constraint);
}

/** Which of the instances that can take the task its strategy allows; the earliest registered one comes first. */
export function bestOf(model: LogModel, ask: PlacementAsk): readonly ModelInstance[] {
  let best = [...model.instances.values()].filter((instance) => refusalOf(instance, ask) === null);
  for (const { type, field = '' } of strategyOf(ask)) {
    if (type === 'random') break;
    const amount = amountOf(model, ask, type, field);
    const least = Math.min(...best.map(amount));
    best = best.filter((instance) => amount(instance) === least);
  }
  return best;
}

/** What is drawn by chance may be any of the best. */
export function isDrawn(ask: PlacementAsk): boolean {
  return strategyOf(ask).some(({ type }) => type === 'random');
}

function strategyOf({ strategy, launchType }: PlacementAsk): readonly PlacementStrategy[] {
  if (launchType === 'FARGATE') return FARGATE_STRATEGY;
  return strategy.length === 0 ? STRATEGY_DEFAULT : strategy;
}

/** What a strategy wants least of. */
function amountOf(
  model: LogModel,
  { group }: PlacementAsk,
  type: string | undefined,
  field: string,
): (instance: ModelInstance) => number {
  const ofGroup = ({ tasks }: ModelInstance): number =>
    [...tasks].filter(({ template }) => template.group === group).length;
  if (type === 'binpack') {
    const resource = field.toLowerCase() === 'cpu' ? 'cpu' : 'memory';
    return (instance) => instance.resources[resource] - takenOf(instance)[resource];
  }
  if (!field.startsWith('attribute:')) return ofGroup;
  const name = field.slice('attribute:'.length);
  return ({ attributes }) => {
    const value = attributes.get(name);
    // Instances without the attribute come last.
    if (value === undefined) return Number.MAX_SAFE_INTEGER;
    const same = [...model.instances.values()].filter((other) => other.attributes.get(name) === value);
    return same.reduce((sum, other) => sum + ofGroup(other), 0);
  };
}
