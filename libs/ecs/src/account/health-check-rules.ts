import type { Rejection, TaskDefinitionInput } from '#libs/contracts';
import { clientError } from '../shared/rejections.ts';

type ContainerInput = TaskDefinitionInput['containerDefinitions'][number];

/** Seconds, and a count (ecs-behaviour §8). */
const RANGES = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;

const KINDS = ['CMD', 'CMD-SHELL', 'NONE'];

/** `["CMD", …]`, `["CMD-SHELL", text]` or `["NONE"]`, with its times in range. */
export function checkHealthCheck({ name = '', healthCheck }: ContainerInput): Rejection | null {
  if (healthCheck === undefined) return null;
  const refuse = (detail: string): Rejection => clientError(`Invalid health check for container '${name}'. ${detail}`);
  const [kind = '', ...words] = healthCheck.command;
  if (!KINDS.includes(kind)) return refuse('The command must begin with CMD, CMD-SHELL or NONE.');
  if (kind !== 'NONE' && words.length === 0) return refuse('The command must not be empty.');
  if (kind === 'CMD-SHELL' && words.length > 1) return refuse('CMD-SHELL takes one text.');
  for (const member of ['interval', 'timeout', 'retries', 'startPeriod'] as const) {
    const [from, to] = RANGES[member];
    const value = healthCheck[member];
    if (value !== undefined && (value < from || value > to)) {
      return refuse(`'${member}' must be between ${from} and ${to}.`);
    }
  }
  return null;
}
