import type { OwnContainerSpec } from '#libs/agents/core';
import type { SimulatedBehaviour } from '#libs/container-runtime';
import type { TaskDefinitionInput } from '#libs/ecs/messages';
import { secretEnvironment } from './canaries.ts';

/** What the images of the simulated world do. */
const BEHAVIOURS: Readonly<Record<string, SimulatedBehaviour>> = {
  web: {},
  'job-short': { exitAfterMs: 4_000, exitCode: 0 },
  'job-long': { exitAfterMs: 90_000, exitCode: 0 },
  crash: { exitAfterMs: 300, exitCode: 1 },
  'late-crash': { exitAfterMs: 45_000, exitCode: 1 },
  stubborn: { stubborn: true },
  sick: {},
  warm: { healthStatus: 'UNHEALTHY' },
  phoenix: { exitAfterMs: 70_000, exitCode: 1 },
  worn: { exitAfterMs: 320_000, exitCode: 1 },
  complete: { exitAfterMs: 65_000, exitCode: 0 },
};

/** A change of what the health check of a container says, so long after its start (ms). */
export interface HealthChange {
  readonly afterMs: number;
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY';
}

/** A health check needs its interval a few times before it says UNHEALTHY, or a while until it says HEALTHY. */
const HEALTH_CHANGES: Readonly<Record<string, HealthChange>> = {
  sick: { afterMs: 20_000, healthStatus: 'UNHEALTHY' },
  warm: { afterMs: 3_000, healthStatus: 'HEALTHY' },
};

export function healthChangeOf(image: string): HealthChange | null {
  return HEALTH_CHANGES[image] ?? null;
}

export function behaviourOf({ container }: OwnContainerSpec): SimulatedBehaviour {
  return BEHAVIOURS[container.image] ?? {};
}

/** `absent` stands for an image that no registry has. */
export function hasImage(image: string): boolean {
  return image !== 'absent';
}

const base = { cpu: 128, memory: 128, essential: true } as const;
const small = { ...base, cpu: 64, memory: 64 } as const;
const dynamicPort = [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }] as const;
const healthCheck = { command: ['CMD', 'true'] } as const;
/** The smallest size that Fargate has. */
const fargate = { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' } as const;

const DEFINITIONS: readonly TaskDefinitionInput[] = [
  { family: 'web', containerDefinitions: [{ ...base, name: 'web', image: 'web', portMappings: dynamicPort }] },
  {
    family: 'fixed',
    containerDefinitions: [
      { ...base, name: 'web', image: 'web', portMappings: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' }] },
    ],
  },
  {
    family: 'pair',
    containerDefinitions: [
      { ...base, name: 'main', image: 'web', dependsOn: [{ containerName: 'side', condition: 'START' }] },
      { ...base, name: 'side', image: 'web', essential: false },
    ],
  },
  { family: 'big', cpu: '1024', memory: '1500', containerDefinitions: [{ ...base, name: 'main', image: 'web' }] },
  { family: 'job', containerDefinitions: [{ ...base, name: 'main', image: 'job-short' }] },
  { family: 'long-job', containerDefinitions: [{ ...base, name: 'main', image: 'job-long' }] },
  { family: 'stubborn', containerDefinitions: [{ ...base, name: 'main', image: 'stubborn', stopTimeout: 4 }] },
  { family: 'late-crash', containerDefinitions: [{ ...base, name: 'main', image: 'late-crash' }] },
  { family: 'checked', containerDefinitions: [{ ...base, name: 'main', image: 'web', healthCheck }] },
  { family: 'absent', containerDefinitions: [{ ...base, name: 'main', image: 'absent' }] },
  { family: 'crash', containerDefinitions: [{ ...base, name: 'main', image: 'crash' }] },
  {
    family: 'sick',
    containerDefinitions: [{ ...base, name: 'main', image: 'sick', healthCheck: { command: ['CMD', 'false'] } }],
  },
  {
    family: 'chain',
    containerDefinitions: [
      {
        ...small,
        name: 'tail',
        image: 'web',
        essential: false,
        dependsOn: [{ containerName: 'main', condition: 'START' }],
      },
      {
        ...small,
        name: 'main',
        image: 'web',
        dependsOn: [
          { containerName: 'prepare', condition: 'SUCCESS' },
          { containerName: 'store', condition: 'HEALTHY' },
        ],
      },
      { ...small, name: 'store', image: 'warm', healthCheck },
      { ...small, name: 'prepare', image: 'job-short', essential: false },
    ],
  },
  {
    family: 'after-job',
    containerDefinitions: [
      { ...small, name: 'main', image: 'web', dependsOn: [{ containerName: 'job', condition: 'COMPLETE' }] },
      { ...small, name: 'job', image: 'crash', essential: false },
    ],
  },
  {
    family: 'unprepared',
    containerDefinitions: [
      { ...small, name: 'main', image: 'web', dependsOn: [{ containerName: 'prepare', condition: 'SUCCESS' }] },
      { ...small, name: 'prepare', image: 'crash', essential: false },
    ],
  },
  {
    family: 'racked',
    placementConstraints: [{ type: 'memberOf', expression: 'attribute:rack in [r1, r2]' }],
    containerDefinitions: [{ ...base, name: 'web', image: 'web', portMappings: dynamicPort }],
  },
  {
    family: 'range',
    containerDefinitions: [
      {
        ...base,
        name: 'main',
        image: 'web',
        portMappings: [{ containerPortRange: '8000-8004', protocol: 'tcp' }, ...dynamicPort],
      },
    ],
  },
  {
    family: 'restarting',
    containerDefinitions: [
      {
        ...base,
        name: 'main',
        image: 'web',
        restartPolicy: { enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [0] },
      },
    ],
  },
  {
    family: 'worn',
    containerDefinitions: [
      { ...small, name: 'main', image: 'web' },
      { ...small, name: 'worn', image: 'worn', essential: false, restartPolicy: { enabled: true } },
      {
        ...small,
        name: 'complete',
        image: 'complete',
        essential: false,
        restartPolicy: { enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [0] },
      },
    ],
  },
  {
    family: 'shared',
    pidMode: 'task',
    ipcMode: 'task',
    containerDefinitions: [
      { ...small, name: 'main', image: 'web', dependsOn: [{ containerName: 'side', condition: 'START' }] },
      { ...small, name: 'side', image: 'stubborn', essential: false, stopTimeout: 4 },
    ],
  },
  {
    family: 'returning',
    containerDefinitions: [
      { ...base, name: 'main', image: 'phoenix', restartPolicy: { enabled: true, restartAttemptPeriod: 60 } },
    ],
  },
  {
    family: 'volume',
    volumes: [{ name: 'data', configuredAtLaunch: true }],
    containerDefinitions: [
      { ...base, name: 'main', image: 'web', mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] },
    ],
  },
  {
    family: 'vpc',
    networkMode: 'awsvpc',
    containerDefinitions: [{ ...base, name: 'web', image: 'web', portMappings: [{ containerPort: 80 }] }],
  },
  {
    family: 'vpc-restarting',
    networkMode: 'awsvpc',
    containerDefinitions: [
      { ...small, name: 'main', image: 'web', restartPolicy: { enabled: true, restartAttemptPeriod: 60 } },
      { ...small, name: 'side', image: 'web', essential: false },
    ],
  },
  {
    family: 'vpc-job',
    networkMode: 'awsvpc',
    containerDefinitions: [{ ...base, name: 'main', image: 'job-short' }],
  },
  {
    family: 'vpc-crash',
    networkMode: 'awsvpc',
    containerDefinitions: [{ ...base, name: 'main', image: 'crash' }],
  },
  {
    ...fargate,
    family: 'fargate',
    containerDefinitions: [{ ...small, name: 'web', image: 'web', portMappings: [{ containerPort: 80 }] }],
  },
  {
    ...fargate,
    family: 'fargate-pair',
    cpu: '512',
    memory: '1024',
    pidMode: 'task',
    containerDefinitions: [
      { ...small, name: 'main', image: 'web', dependsOn: [{ containerName: 'side', condition: 'START' }] },
      { ...small, name: 'side', image: 'web', essential: false, restartPolicy: { enabled: true } },
    ],
  },
  { ...fargate, family: 'fargate-job', containerDefinitions: [{ ...small, name: 'main', image: 'job-short' }] },
  { ...fargate, family: 'fargate-absent', containerDefinitions: [{ ...small, name: 'main', image: 'absent' }] },
];

/** The task definitions that callers register, one family each; every container has a secret. */
export const TASK_DEFINITIONS: readonly TaskDefinitionInput[] = DEFINITIONS.map((definition) => ({
  ...definition,
  containerDefinitions: definition.containerDefinitions.map((container) => ({
    ...container,
    environment: secretEnvironment(`${definition.family}-${container.name ?? ''}`),
  })),
}));

/** Families that are launched alike, and that a service may change between. */
export interface Families {
  /** Their tasks come up and stay up. */
  readonly lasting: readonly string[];
  /** Their tasks end by themselves or never start. */
  readonly failing: readonly string[];
  /** Those of them whose starts are spaced by minutes in the end: the others would make work all day long. */
  readonly neverStarting: readonly string[];
  readonly jobs: readonly string[];
}

/** How tasks are launched: without more, with a volume or an address of their own, or on the Fargate pool. */
export type LaunchKind = 'plain' | 'volume' | 'awsvpc' | 'fargate';

export const FAMILIES: Readonly<Record<LaunchKind, Families>> = {
  plain: {
    lasting: [
      'web',
      'fixed',
      'pair',
      'big',
      'stubborn',
      'checked',
      'chain',
      'after-job',
      'racked',
      'range',
      'restarting',
      'worn',
      'shared',
    ],
    failing: ['absent', 'crash', 'sick', 'late-crash', 'unprepared'],
    neverStarting: ['absent', 'unprepared'],
    jobs: ['job', 'long-job', 'returning'],
  },
  volume: { lasting: ['volume'], failing: [], neverStarting: [], jobs: [] },
  awsvpc: {
    lasting: ['vpc', 'vpc-restarting'],
    failing: ['vpc-crash'],
    neverStarting: [],
    jobs: ['vpc-job'],
  },
  fargate: {
    lasting: ['fargate', 'fargate-pair'],
    failing: ['fargate-absent'],
    neverStarting: ['fargate-absent'],
    jobs: ['fargate-job'],
  },
};

const KINDS: readonly LaunchKind[] = ['plain', 'volume', 'awsvpc', 'fargate'];

/** Families whose tasks come up and stay up. */
export const LASTING_FAMILIES: readonly string[] = KINDS.flatMap((kind) => FAMILIES[kind].lasting);

/** How tasks of a family are launched. */
export function launchKindOf(family: string): LaunchKind {
  const isOf = ({ lasting, failing, jobs }: Families): boolean => [...lasting, ...failing, ...jobs].includes(family);
  return KINDS.find((kind) => isOf(FAMILIES[kind])) ?? 'plain';
}
