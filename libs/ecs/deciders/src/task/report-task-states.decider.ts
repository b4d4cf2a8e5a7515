import { REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';
import type { ClusterEvent, ReportTaskStates } from '#libs/ecs/messages';
import { reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { ImageResolutions } from '../service/image-resolutions.ts';
import { TaskVerdicts } from '../service/task-verdicts.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { instanceInactive, invalidParameter, sessionFenced } from '../shared/rejections.ts';
import { newsOf } from './task-report.ts';
import { taskDefinitionOf } from './wanted-set.ts';

/**
 * What one agent knows about its tasks. Only its current session may speak; of what it says, only news about its own
 * tasks becomes facts. Tasks that are gone, or of another instance, are skipped: the next wanted set settles them.
 */
export function decideReportTaskStates(
  state: ClusterState,
  command: ReportTaskStates,
  { at }: DecisionContext,
): ClusterDecision {
  const { instanceId, sessionId, reports } = command;
  if (state.inactiveInstanceIds.has(instanceId)) return reject(instanceInactive(instanceId));
  if (state.instances.get(instanceId)?.sessionId !== sessionId) return reject(sessionFenced(instanceId));
  if (reports.length > REPORTS_PER_REQUEST_MAX) {
    return reject(invalidParameter(`A report can name at most ${REPORTS_PER_REQUEST_MAX} tasks.`));
  }
  const events: ClusterEvent[] = [];
  const verdicts = new TaskVerdicts(state, at);
  const resolutions = new ImageResolutions(state);
  // A request that names a task twice: the later one is the newer one, and both cannot be compared with the same state.
  const latest = new Map(reports.map((report) => [report.taskId, report]));
  for (const report of latest.values()) {
    const task = state.tasks.get(report.taskId);
    if (task === undefined || task.instanceId !== instanceId) continue;
    const taskDefinition = taskDefinitionOf(state, task);
    const news = newsOf(taskDefinition, task, report, verdicts);
    if (news === null) continue;
    events.push(news);
    const resolved = resolutions.of(task, taskDefinition, news);
    if (resolved !== null) events.push(resolved);
  }
  return { kind: 'accepted', events };
}
