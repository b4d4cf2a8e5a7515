import { REPORTS_PER_REQUEST_MAX } from '#libs/contracts';
import type { ClusterEvent, ContainerReport, Rejection, ReportTaskStates, TaskReport } from '#libs/contracts';
import { reject } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { instanceInactive, invalidParameter, sessionFenced } from '../shared/rejections.ts';
import { newsOf } from './task-report.ts';

/** All reports of one request, roughly counted: half of what a commit can hold. */
export const REPORTED_CHARACTERS_MAX = 500_000;
/** What a report, a container in it and a published port take besides their own texts. */
const REPORT_CHARACTERS = 300;
const CONTAINER_CHARACTERS = 150;
const BINDING_CHARACTERS = 80;

/**
 * What one agent knows about its tasks. Only its current session may speak; of what it says, only news about its own
 * tasks becomes facts. Tasks that are gone, or of another instance, are passed over: the next wanted set settles them.
 */
export function decideReportTaskStates(state: ClusterState, command: ReportTaskStates): ClusterDecision {
  const { instanceId, sessionId, reports } = command;
  if (state.inactiveInstanceIds.has(instanceId)) return reject(instanceInactive(instanceId));
  if (state.instances.get(instanceId)?.sessionId !== sessionId) return reject(sessionFenced(instanceId));
  const tooLong = checkLength(reports);
  if (tooLong !== null) return reject(tooLong);
  const events: ClusterEvent[] = [];
  // A request that names a task twice: the later one is the newer one, and both cannot be compared with the same state.
  const latest = new Map(reports.map((report) => [report.taskId, report]));
  for (const report of latest.values()) {
    const task = state.tasks.get(report.taskId);
    if (task === undefined || task.instanceId !== instanceId) continue;
    const news = newsOf(task, report);
    if (news !== null) events.push(news);
  }
  return { kind: 'accepted', events };
}

/** A decision must fit into one commit, and what agents report is recorded as it is. */
function checkLength(reports: readonly TaskReport[]): Rejection | null {
  if (reports.length > REPORTS_PER_REQUEST_MAX) {
    return invalidParameter(`A report can name at most ${REPORTS_PER_REQUEST_MAX} tasks.`);
  }
  let characters = 0;
  for (const { reason = '', containers } of reports) {
    characters += REPORT_CHARACTERS + reason.length;
    for (const container of containers) characters += lengthOf(container);
  }
  return characters <= REPORTED_CHARACTERS_MAX
    ? null
    : invalidParameter(`A report can have at most about ${REPORTED_CHARACTERS_MAX} characters.`);
}

function lengthOf({
  name,
  runtimeId = '',
  imageDigest = '',
  reason = '',
  networkBindings = [],
}: ContainerReport): number {
  const texts = name.length + runtimeId.length + imageDigest.length + reason.length;
  return CONTAINER_CHARACTERS + texts + networkBindings.length * BINDING_CHARACTERS;
}
