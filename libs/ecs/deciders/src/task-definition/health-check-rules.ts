import type { ContainerInput, Rejection } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';

/** Seconds, and a count (AWS API reference, HealthCheck). */
const RANGES = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;

/**
 * A command, with its times in range. The reference asks for CMD, CMD-SHELL or NONE in front; ECS does not check it, and
 * Amazon's own collector for OpenTelemetry is documented without one.
 */
export function checkHealthCheck({ name = '', healthCheck }: ContainerInput): Rejection | null {
  if (healthCheck === undefined) return null;
  const refuse = (detail: string): Rejection => clientError(`Invalid health check for container '${name}'. ${detail}`);
  if (healthCheck.command.length === 0) return refuse('The command must not be empty.');
  for (const member of ['interval', 'timeout', 'retries', 'startPeriod'] as const) {
    const [from, to] = RANGES[member];
    const value = healthCheck[member];
    if (value !== undefined && (value < from || value > to)) {
      return refuse(`'${member}' must be between ${from} and ${to}.`);
    }
  }
  return null;
}
