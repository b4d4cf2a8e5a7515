import type { Rejection } from '#libs/ecs/messages';
import { invalidParameter } from './rejections.ts';

const TOKEN = /^[!-~]+$/;
const TASK_GROUP_CHARACTERS_MAX = 255;

export const RUN_TASK_TOKEN_CHARACTERS_MAX = 64;
export const TOKEN_CHARACTERS_MAX = 36;
export const RUN_TASK_STARTED_BY_CHARACTERS_MAX = 128;
export const START_TASK_STARTED_BY_CHARACTERS_MAX = 36;

/** ASCII 33–126, at most `charactersMax`. */
export function checkClientToken(token: string | undefined, charactersMax: number): Rejection | null {
  if (token === undefined) return null;
  if (token.length <= charactersMax && TOKEN.test(token)) return null;
  return invalidParameter(
    `clientToken must have 1 to ${charactersMax} characters, all of them in the range of ASCII 33-126.`,
  );
}

/** The API reference lists letters, digits, `-`, `/` and `_`; ECS takes what deploy tools send, such as `ECS Deploy`. */
export function checkStartedBy(startedBy: string | undefined, charactersMax: number): Rejection | null {
  if (startedBy === undefined || startedBy.length <= charactersMax) return null;
  return invalidParameter(`startedBy must have at most ${charactersMax} characters.`);
}

/** A task group of RunTask or StartTask. Groups of services are named by the control plane alone: spread and
 * distinctInstance count by group. */
export function checkTaskGroup(group: string | undefined): Rejection | null {
  if (group === undefined) return null;
  if (group.length > TASK_GROUP_CHARACTERS_MAX) {
    return invalidParameter(`group must have at most ${TASK_GROUP_CHARACTERS_MAX} characters.`);
  }
  if (group.startsWith('service:')) return invalidParameter('Task groups that begin with service: belong to services.');
  return null;
}

/** Whether a request left out a text that the model of ECS does not require, though nothing can be done without it. */
export function isMissing(text: string | undefined): boolean {
  return text === undefined;
}
