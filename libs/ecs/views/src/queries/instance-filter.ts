import { managedInstanceId } from '#libs/ecs/messages';
import { evaluateExpression, parseExpression } from '#libs/ecs/placement';
import type { ExpressionSubject } from '#libs/ecs/placement';
import type { InstanceRecord } from '../view/records.ts';
import { invalidParameter } from './answer.ts';
import type { QueryResult } from './answer.ts';

/** A filter of the cluster query language. Errors: InvalidParameter, saying where it is wrong. */
export function instanceFilter(text: string): QueryResult<(instance: InstanceRecord) => boolean> {
  const expression = parseExpression(text);
  if (expression.kind === 'problem') return invalidParameter(`Invalid expression: ${expression.message}.`);
  return { value: (instance) => evaluateExpression(expression, subjectOf(instance)) };
}

function subjectOf(instance: InstanceRecord): ExpressionSubject {
  return {
    agentConnected: instance.connected,
    agentVersion: instance.versionInfo.agentVersion,
    ec2InstanceId: managedInstanceId(instance.instanceId),
    registeredAt: instance.registeredAt,
    runningTasksCount: instance.counts.running,
    attribute: (name) => {
      const attribute = instance.attributes.get(name);
      return attribute && (attribute.value ?? '');
    },
    runsTaskGroup: (group) => {
      for (const running of taskGroups(instance)) if (running === group) return true;
      return false;
    },
    taskGroups: () => taskGroups(instance),
  };
}

/** Groups with a task that is placed here and not STOPPED: what placement constraints look at, too. */
function* taskGroups(instance: InstanceRecord): Iterable<string> {
  for (const task of instance.tasks) if (task.lastStatus !== 'STOPPED') yield task.template.group;
}
