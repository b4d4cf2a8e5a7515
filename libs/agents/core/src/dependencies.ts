import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { linksOf, volumesFromOf } from './container-spec.ts';
import { containerOf, definitionOf, isUp } from './known.ts';
import type { KnownContainer, KnownTask } from './known.ts';

/** CREATE is ours: `volumesFrom` needs the other container made, not started. */
type Condition = 'CREATE' | 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';

interface Dependency {
  readonly name: string;
  readonly condition: Condition;
}

/** Whether a container may be made now, as far as the others of its task are concerned. */
export type Readiness =
  | { readonly kind: 'ready' }
  /** Ask again at that moment (ms), or when something happens. */
  | { readonly kind: 'waiting'; readonly until: number | null }
  | { readonly kind: 'impossible'; readonly reason: string };

const READY: Readiness = { kind: 'ready' };
const WAITING: Readiness = { kind: 'waiting', until: null };

/** The order in which a task's containers start. */
export function readiness(
  definition: TaskDefinition,
  known: KnownTask,
  container: ContainerDefinition,
  now: number,
): Readiness {
  let until: number | null = null;
  let waiting = false;
  for (const dependency of dependenciesOf(container)) {
    const other = containerOf(known, dependency.name);
    const result =
      other === undefined
        ? impossible(container.name, dependency.name, 'because dependency does not exist')
        : conditionMet(container.name, other, dependency, definitionOf(definition, dependency.name)?.startTimeout, now);
    if (result.kind === 'impossible') return result;
    if (result.kind === 'waiting') {
      waiting = true;
      if (result.until !== null) until = until === null ? result.until : Math.min(until, result.until);
    }
  }
  if (!waiting) return READY;
  return until === null ? WAITING : { kind: 'waiting', until };
}

/** Shutdown is the reverse: a container is stopped only after those that depend on it. */
export function mayStop(definition: TaskDefinition | undefined, known: KnownTask, name: string): boolean {
  if (definition === undefined) return true;
  return definition.containerDefinitions.every(
    (other) =>
      containerOf(known, other.name)?.phase !== 'RUNNING' ||
      dependenciesOf(other).every((dependency) => dependency.name !== name),
  );
}

/** Containers that wait for each other: registration lets only circles of one kind of dependency be found. */
export function waitInCircles({ containerDefinitions }: TaskDefinition): boolean {
  const left = new Map(containerDefinitions.map((container) => [container.name, container]));
  for (;;) {
    const before = left.size;
    for (const [name, container] of left) {
      if (!dependenciesOf(container).some((dependency) => left.has(dependency.name))) left.delete(name);
    }
    if (left.size === before) return before > 0;
  }
}

function dependenciesOf(container: ContainerDefinition): readonly Dependency[] {
  return [
    ...(container.dependsOn ?? []).map(({ containerName, condition }) => ({
      name: containerName,
      condition: conditionOf(condition),
    })),
    ...linksOf(container).map(({ name }): Dependency => ({ name, condition: 'START' })),
    ...volumesFromOf(container).map(({ name }): Dependency => ({ name, condition: 'CREATE' })),
  ];
}

/** Registration lets only the four words through. */
function conditionOf(text: string): Condition {
  return text === 'COMPLETE' || text === 'SUCCESS' || text === 'HEALTHY' ? text : 'START';
}

function conditionMet(
  dependent: string,
  other: KnownContainer,
  { name, condition }: Dependency,
  startTimeoutSeconds: number | undefined,
  now: number,
): Readiness {
  const unmet = (why: string): Readiness => impossible(dependent, name, why);
  const ended = other.phase === 'STOPPED';
  if (condition === 'CREATE') {
    if (other.runtimeId !== null) return READY;
    return ended ? unmet('because dependency will never start') : WAITING;
  }
  if (ended && other.startedAt === null) return unmet('because dependency will never start');
  if (condition === 'START') return ended || isUp(other) ? READY : WAITING;
  if (condition === 'COMPLETE' && ended) return READY;
  if (condition === 'SUCCESS' && ended) {
    return other.exitCode === 0 ? READY : unmet('as dependency did not exit successfully');
  }
  if (condition === 'HEALTHY') {
    if (ended) return unmet('as dependency stopped before it was healthy');
    if (other.healthStatus === 'HEALTHY') return READY;
  }
  // startTimeout belongs to the dependency and counts from its start; after a restart of the agent it counts anew.
  if (startTimeoutSeconds === undefined || other.seenRunningAt === null) return WAITING;
  const until = other.seenRunningAt + startTimeoutSeconds * 1000;
  if (now < until) return { kind: 'waiting', until };
  return {
    kind: 'impossible',
    reason: `${GRAPH} container ordering dependency [${name}] for target [${dependent}] has timed out.`,
  };
}

/** How the ECS agent begins the reason of a container that its dependencies keep from starting. */
const GRAPH = 'CannotStartContainerError: dependency graph:';

function impossible(dependent: string, dependency: string, why: string): Readiness {
  const ordering = `failed to resolve container ordering dependency [${dependency}] for target [${dependent}]`;
  return { kind: 'impossible', reason: `${GRAPH} ${ordering} ${why}.` };
}
