import type { AssignMessage, DoorRefusal, ReportAnswer, SessionAnswer } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';

/*
 * What the control plane sends, read at the boundary. NATS permissions let nobody else publish on these subjects, so the
 * members that decide are checked and the rest is taken as it is. Null: not to be understood.
 */

export function readSessionAnswer(value: unknown): SessionAnswer | DoorRefusal | null {
  if (isRefusal(value)) return value;
  return isSessionAnswer(value) ? value : null;
}

export function readWantedPage(value: unknown): WantedPage | DoorRefusal | null {
  if (isRefusal(value)) return value;
  return isWantedPage(value) ? value : null;
}

export function readDefinitionsAnswer(value: unknown): DefinitionsAnswer | DoorRefusal | null {
  if (isRefusal(value)) return value;
  return isDefinitionsAnswer(value) ? value : null;
}

export function readReportAnswer(value: unknown): ReportAnswer | DoorRefusal | null {
  if (isRefusal(value)) return value;
  if (!isObject(value) || value['accepted'] !== true) return null;
  const { term } = value;
  return isNumber(term) ? { accepted: true, term } : null;
}

export function readAssignMessage(value: unknown): AssignMessage | null {
  return isAssignMessage(value) ? value : null;
}

function isSessionAnswer(value: unknown): value is SessionAnswer {
  return isObject(value) && isNumber(value['term']) && isNumber(value['heartbeatIntervalSeconds']);
}

function isWantedPage(value: unknown): value is WantedPage {
  if (!isObject(value)) return false;
  const { version, tasks, next } = value;
  return isNumber(version) && Array.isArray(tasks) && (next === null || typeof next === 'string');
}

function isDefinitionsAnswer(value: unknown): value is DefinitionsAnswer {
  if (!isObject(value)) return false;
  return isNumber(value['term']) && isObject(value['taskDefinitions']) && Array.isArray(value['unknown']);
}

function isAssignMessage(value: unknown): value is AssignMessage {
  return (
    isObject(value) &&
    isNumber(value['term']) &&
    isNumber(value['fromVersion']) &&
    isNumber(value['toVersion']) &&
    Array.isArray(value['tasks'])
  );
}

function isRefusal(value: unknown): value is DoorRefusal {
  if (!isObject(value)) return false;
  const { error } = value;
  return isObject(error) && typeof error['code'] === 'string' && typeof error['message'] === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
