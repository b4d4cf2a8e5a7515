import type { ContainerFacts } from '#libs/container-runtime';
import type { ContainerDefinition, TaskDefinition, WantedTask } from '#libs/ecs/messages';
import type { ShownContainer, ShownTask, TaskSource } from '../src/document.ts';

export const TASK_ID = '0123456789abcdef0123456789abcdef';
const DEFINITION_ARN = 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:3';

export function containerOf(name: string, members: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return { name, image: `${name}:1`, cpu: 128, essential: true, portMappings: [], environment: [], ...members };
}

export function definitionOf(
  networkMode: NonNullable<TaskDefinition['networkMode']>,
  ...containers: readonly ContainerDefinition[]
): TaskDefinition {
  return {
    taskDefinitionArn: DEFINITION_ARN,
    family: 'web',
    revision: 3,
    networkMode,
    placementConstraints: [],
    containerDefinitions: containers,
  };
}

/** A container that runs. */
export function knownContainer(name: string, members: Partial<ShownContainer> = {}): ShownContainer {
  return {
    name,
    phase: 'RUNNING',
    runtimeId: `id-${name}`,
    removed: false,
    exitCode: null,
    healthStatus: null,
    startedAt: 500,
    restartCount: 0,
    ...members,
  };
}

export function factsOf(name: string, members: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    runtimeId: `id-${name}`,
    runtimeName: `ecs-web-3-${name}-00000000000000000000`,
    image: `${name}:1`,
    imageId: `sha256:${name}`,
    labels: { 'com.amazonaws.ecs.container-name': name },
    createdAt: '2026-01-02T03:04:05.678901234Z',
    startedAt: '2026-01-02T03:04:06.5Z',
    networks: [],
    networkBindings: [],
    dnsServers: [],
    dnsSearchDomains: [],
    volumes: [],
    logDriver: 'json-file',
    logOptions: {},
    ...members,
  };
}

export interface SourceParts {
  readonly definition?: TaskDefinition | undefined;
  readonly wanted?: Partial<WantedTask>;
  readonly known?: Partial<ShownTask['known']>;
  readonly facts?: readonly (readonly [name: string, facts: ContainerFacts])[];
}

/** A task that runs on a host. */
export function sourceOf({ definition, wanted, known, facts = [] }: SourceParts): TaskSource {
  return {
    cluster: 'default',
    availabilityZone: 'us-east-1a',
    facts: new Map(facts),
    task: {
      definition,
      wanted: {
        taskId: TASK_ID,
        taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${TASK_ID}`,
        desiredStatus: 'RUNNING',
        lastStatus: 'RUNNING',
        taskDefinitionArn: DEFINITION_ARN,
        group: 'service:web',
        containerOverrides: [],
        ...wanted,
      },
      known: {
        taskId: TASK_ID,
        status: 'RUNNING',
        containers: [],
        pause: null,
        networkInterface: null,
        ending: null,
        unwanted: false,
        pullStartedAt: 1_767_323_045_000,
        pullStoppedAt: 1_767_323_045_250,
        executionStoppedAt: null,
        ...known,
      },
    },
  };
}
