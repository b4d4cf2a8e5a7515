import type { Rejection } from '#libs/contracts';
import { invalidParameter } from './rejections.ts';

/** Clusters, services, families, containers, volumes (ecs-behaviour §5). */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const TOKEN = /^[!-~]+$/;
const TASK_GROUP = /^[A-Za-z0-9_:./-]{1,255}$/;
const STARTED_BY = /^[A-Za-z0-9_/-]+$/;

export const RUN_TASK_TOKEN_CHARACTERS_MAX = 64;
export const TOKEN_CHARACTERS_MAX = 36;
export const RUN_TASK_STARTED_BY_CHARACTERS_MAX = 128;
export const START_TASK_STARTED_BY_CHARACTERS_MAX = 36;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** ASCII 33–126, at most `charactersMax`. */
export function checkClientToken(token: string | undefined, charactersMax: number): Rejection | null {
  if (token === undefined) return null;
  if (token.length <= charactersMax && TOKEN.test(token)) return null;
  return invalidParameter(
    `clientToken must have 1 to ${charactersMax} characters, all of them in the range of ASCII 33-126.`,
  );
}

export function checkStartedBy(startedBy: string | undefined, charactersMax: number): Rejection | null {
  if (startedBy === undefined) return null;
  if (startedBy.length <= charactersMax && STARTED_BY.test(startedBy)) return null;
  return invalidParameter(
    `startedBy must have 1 to ${charactersMax} characters: letters, digits, hyphens, underscores and slashes.`,
  );
}

/** A task group of RunTask or StartTask. Groups of services are named by the control plane alone: spread and
 * distinctInstance count by group. */
export function checkTaskGroup(group: string | undefined): Rejection | null {
  if (group === undefined) return null;
  if (!TASK_GROUP.test(group)) return invalidParameter('group must have 1 to 255 characters and name a task group.');
  if (group.startsWith('service:')) return invalidParameter('Task groups that begin with service: belong to services.');
  return null;
}
