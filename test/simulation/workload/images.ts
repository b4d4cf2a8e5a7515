import type { ContainerSpec } from '#libs/agent-core';
import type { SimulatedBehaviour } from '#libs/container-runtime';
import type { TaskDefinitionInput } from '#libs/contracts';

/** What the images of the simulated world do. */
const BEHAVIOURS: Readonly<Record<string, SimulatedBehaviour>> = {
  web: {},
  'job-short': { exitAfterMs: 4_000, exitCode: 0 },
  'job-long': { exitAfterMs: 90_000, exitCode: 0 },
  crash: { exitAfterMs: 300, exitCode: 1 },
  'late-crash': { exitAfterMs: 45_000, exitCode: 1 },
  stubborn: { stubborn: true },
  sick: {},
};

/** A health check needs its interval a few times before it says UNHEALTHY: so long after its start does `sick` fail it (ms). */
export const SICK_AFTER_MS = 20_000;

export function isSick(taskDefinitionArn: string): boolean {
  return taskDefinitionArn.includes('task-definition/sick:');
}

export function behaviourOf({ container }: ContainerSpec): SimulatedBehaviour {
  return BEHAVIOURS[container.image] ?? {};
}

/** `absent` stands for an image that no registry has. */
export function hasImage(image: string): boolean {
  return image !== 'absent';
}

const base = { cpu: 128, memory: 128, essential: true } as const;
const dynamicPort = [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }] as const;

/** The task definitions that callers register, one family each. */
export const TASK_DEFINITIONS: readonly TaskDefinitionInput[] = [
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
  {
    family: 'checked',
    containerDefinitions: [{ ...base, name: 'main', image: 'web', healthCheck: { command: ['CMD', 'true'] } }],
  },
  { family: 'absent', containerDefinitions: [{ ...base, name: 'main', image: 'absent' }] },
  { family: 'crash', containerDefinitions: [{ ...base, name: 'main', image: 'crash' }] },
  {
    family: 'sick',
    containerDefinitions: [{ ...base, name: 'main', image: 'sick', healthCheck: { command: ['CMD', 'false'] } }],
  },
];

/** Families whose tasks come up and stay up. */
export const LASTING_FAMILIES = ['web', 'fixed', 'pair', 'big', 'stubborn', 'checked'] as const;
/** Families whose tasks end by themselves or never start. */
export const FAILING_FAMILIES = ['absent', 'crash', 'sick', 'late-crash'] as const;
export const JOB_FAMILIES = ['job', 'long-job'] as const;
