import { arns, TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { ClusterEffect, ClusterEvent, TaskReport, TaskStatus, WantedTask } from '#libs/ecs/messages';
import type { ClusterState, TaskState } from '#libs/ecs/deciders';
import { accept } from '#libs/kernel';
import { answeringWanted, decider, deciding } from './breaking.ts';
import type { PlantedBug } from './planted-bug.ts';

const MINUTE_MS = 60_000;

const FORGETS_DEREGISTRATION = decider(({ decide, evolve }) => ({
  decide: (state, command, context) => {
    if (command.type !== 'RegisterContainerInstance') return decide(state, command, context);
    const wasInactive = state.inactiveInstanceIds.delete(command.instanceId);
    const decision = decide(state, command, context);
    if (wasInactive) state.inactiveInstanceIds.add(command.instanceId);
    return decision;
  },
  evolve: (state, event, at) => {
    if (event.type === 'ContainerInstanceRegistered') state.inactiveInstanceIds.delete(event.containerInstanceId);
    evolve(state, event, at);
  },
}));

/** Bugs in the deciders of tasks and container instances. */
export const TASK_BUGS: readonly PlantedBug[] = [
  {
    what: 'tasks of a host that is lost are placed once more',
    where: 'ReportInstanceDisconnected decider',
    invariant: 'S4',
    within: 25,
    seed: 1,
    parts: decider(({ decide, evolve }) => ({
      decide: (state, command, context) => {
        const decision = decide(state, command, context);
        if (command.type !== 'ReportInstanceDisconnected' || decision.kind === 'rejected') return decision;
        const taskIds = [...(state.instances.get(command.instanceId)?.taskIds ?? [])];
        const other = [...state.instances.keys()].find((instanceId) => instanceId !== command.instanceId);
        if (taskIds.length === 0 || other === undefined || decision.events.length === 0) return decision;
        const placements = taskIds.map((taskId) => ({ taskId, containerInstanceId: other }));
        return { ...decision, events: [...decision.events, { type: 'TasksPlaced', v: 1, placements }] };
      },
      evolve: (state, event, at) => {
        const placed = event.type === 'TasksPlaced' ? state.tasks.get(event.placements[0]?.taskId ?? '') : undefined;
        if ((placed?.instanceId ?? null) === null) evolve(state, event, at);
      },
    })),
  },
  {
    what: 'an agent is sent tasks of other hosts',
    where: 'effects of decisions',
    invariant: 'S23',
    within: 25,
    seed: 1,
    parts: decider(({ effects }) => ({
      effects: (state, event) => effects(state, event).flatMap((effect) => [effect, ...doubled(state, effect)]),
    })),
  },
  {
    what: 'the wanted set still has tasks that have ended',
    where: 'wanted set',
    invariant: 'S23',
    within: 25,
    seed: 1,
    parts: answeringWanted((page, state, instanceId) => {
      if ('error' in page) return page;
      const ended = [...state.tasks.values()].filter(
        (task) => task.instanceId === instanceId && task.lastStatus === 'STOPPED',
      );
      return { ...page, tasks: [...page.tasks, ...ended.map((task) => wantedAgain(state, task))] };
    }),
  },
  {
    what: 'client tokens are thrown away',
    where: 'RunTask decider',
    invariant: 'S13',
    within: 25,
    seed: 1,
    parts: deciding((command) => {
      if (!('clientToken' in command)) return command;
      const forgetful = { ...command };
      delete forgetful.clientToken;
      return forgetful;
    }),
  },
  {
    what: 'a token with other parameters gets the first answer',
    where: 'RunTask decider',
    invariant: 'S13',
    within: 25,
    seed: 1,
    parts: decider(({ decide }) => ({
      decide: (state, command, context) => {
        const decision = decide(state, command, context);
        if (decision.kind !== 'rejected' || decision.rejection.code !== 'Conflict') return decision;
        const first = state.clientTokens.get('clientToken' in command ? (command.clientToken ?? '') : '');
        return { kind: 'accepted', events: [], answer: { taskIds: first?.taskIds ?? [], failures: [] } };
      },
    })),
  },
  {
    what: 'a token with other parameters makes new tasks',
    where: 'RunTask decider',
    invariant: 'S13',
    within: 25,
    seed: 2,
    parts: decider(({ decide }) => ({
      decide: (state, command, context) => {
        const decision = decide(state, command, context);
        if (decision.kind !== 'rejected' || decision.rejection.code !== 'Conflict') return decision;
        state.clientTokens.delete('clientToken' in command ? (command.clientToken ?? '') : '');
        return decide(state, command, context);
      },
    })),
  },
  {
    what: 'reports of RUNNING are accepted and forgotten',
    where: 'ReportTaskStates decider',
    invariant: 'L2',
    within: 25,
    seed: 3,
    parts: ignoringReports('RUNNING'),
  },
  {
    what: 'reports of STOPPED are accepted and forgotten',
    where: 'ReportTaskStates decider',
    invariant: 'L8',
    within: 25,
    seed: 2,
    parts: ignoringReports('STOPPED'),
  },
  {
    what: 'reports of sessions that are over are believed',
    where: 'ReportTaskStates decider',
    invariant: 'S23',
    within: 25,
    seed: 1,
    parts: deciding((command, state) => {
      if (command.type !== 'ReportTaskStates') return command;
      return { ...command, sessionId: state.instances.get(command.instanceId)?.sessionId ?? command.sessionId };
    }),
  },
  {
    what: 'StopTask is accepted and forgotten',
    where: 'StopTask decider',
    invariant: 'S2',
    within: 25,
    seed: 1,
    parts: decider(({ decide }) => ({
      decide: (state, command, context) => {
        const decision = decide(state, command, context);
        return command.type === 'StopTask' && decision.kind === 'accepted' ? accept() : decision;
      },
    })),
  },
  {
    what: 'old reports turn a task back',
    where: 'ReportTaskStates decider',
    invariant: 'S5',
    within: 25,
    seed: 1,
    parts: decider(({ decide, evolve }) => ({
      decide: (state, command, context) => {
        const decision = decide(state, command, context);
        if (command.type !== 'ReportTaskStates' || decision.kind === 'rejected') return decision;
        const events = command.reports.flatMap((report): readonly ClusterEvent[] => {
          const isOld = isBehind(state, report.taskId, report.knownStatus);
          const { taskId, knownStatus: lastStatus, containers } = report;
          return isOld ? [{ type: 'TaskStateChanged', v: 1, taskId, lastStatus, containers }] : [];
        });
        return { ...decision, events: [...decision.events, ...events] };
      },
      evolve: (state, event, at) => {
        const isOld = event.type === 'TaskStateChanged' && isBehind(state, event.taskId, event.lastStatus);
        if (!isOld) evolve(state, event, at);
      },
    })),
  },
  {
    what: 'a deregistered instance may come back',
    where: 'RegisterContainerInstance decider',
    invariant: 'S14',
    within: 25,
    seed: 1,
    parts: {
      ...FORGETS_DEREGISTRATION,
      ...answeringWanted((page, state, instanceId) => {
        const isGone = state.inactiveInstanceIds.has(instanceId);
        return isGone ? { version: 0, tasks: [], next: null } : page;
      }),
    },
  },
  {
    what: 'stopped tasks are forgotten after a minute',
    where: 'retention',
    invariant: 'S20',
    within: 25,
    seed: 1,
    parts: decider(({ decide, nextDeadline }) => ({
      nextDeadline: (state) => {
        const stoppedAt = firstEnded(state)?.stoppedAt ?? null;
        const next = nextDeadline(state);
        return stoppedAt === null ? next : Math.min(stoppedAt + MINUTE_MS, next ?? Infinity);
      },
      decide: (state, command, context) => {
        const stoppedAt = firstEnded(state)?.stoppedAt ?? null;
        if (command.type !== 'ElapseTime' || stoppedAt === null || context.at < stoppedAt + MINUTE_MS) {
          return decide(state, command, context);
        }
        return accept<ClusterEvent>({ type: 'TasksForgotten', v: 1, taskIds: [firstEnded(state)?.taskId ?? ''] });
      },
    })),
  },
  {
    what: 'stopped tasks are never forgotten',
    where: 'retention',
    invariant: 'S20',
    within: 25,
    seed: 1,
    hours: 1.5,
    parts: decider(({ decide, nextDeadline }) => ({
      nextDeadline: (state) => {
        const next = nextDeadline(state);
        const stoppedAt = firstEnded(state)?.stoppedAt ?? null;
        return next === null || (stoppedAt !== null && next === stoppedAt + 60 * MINUTE_MS) ? null : next;
      },
      decide: (state, command, context) => (command.type === 'ElapseTime' ? accept() : decide(state, command, context)),
    })),
  },
  {
    what: 'the state keeps the moment of a request a little wrong',
    where: 'fold of a cluster',
    invariant: 'S16',
    within: 25,
    seed: 1,
    parts: decider(({ evolve }) => ({
      evolve: (state, event, at) => evolve(state, event, event.type === 'TasksRequested' ? at + 1 : at),
    })),
  },
];

function isBehind(state: ClusterState, taskId: string, status: TaskStatus): boolean {
  const task = state.tasks.get(taskId);
  return task !== undefined && TASK_STATUS_RANK[status] < TASK_STATUS_RANK[task.lastStatus];
}

/** The task that has stopped first. */
function firstEnded(state: ClusterState): TaskState | undefined {
  return state.tasks.get(state.stoppedTaskIds[0]?.[0] ?? '');
}

function wantedAgain(state: ClusterState, { taskId, template }: TaskState): WantedTask {
  const { taskDefinitionArn, group } = template;
  const taskArn = arns.task(state.locale, state.clusterName, taskId);
  return {
    taskId,
    taskArn,
    desiredStatus: 'RUNNING',
    lastStatus: 'PENDING',
    taskDefinitionArn,
    group,
    containerOverrides: [],
  };
}

function doubled(state: ClusterState, effect: ClusterEffect): readonly ClusterEffect[] {
  for (const { instanceId, wantedVersion } of state.instances.values()) {
    if (instanceId !== effect.instanceId) return [{ ...effect, instanceId, version: wantedVersion + 1 }];
  }
  return [];
}

function ignoringReports(knownStatus: TaskReport['knownStatus']): PlantedBug['parts'] {
  return decider(({ decide }) => ({
    decide: (state, command, context) => {
      if (command.type !== 'ReportTaskStates') return decide(state, command, context);
      const isHeard = (report: TaskReport): boolean =>
        report.knownStatus !== knownStatus || state.tasks.get(report.taskId)?.template.serviceName !== undefined;
      return decide(state, { ...command, reports: command.reports.filter(isHeard) }, context);
    },
  }));
}
