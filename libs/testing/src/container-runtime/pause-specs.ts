import { randomBytes } from 'node:crypto';
import type { OwnContainerSpec, PauseSpec } from '#libs/container-runtime';
import type { ContainerDefinition, WantedNetwork } from '#libs/ecs/messages';
import { containerSpecOf } from './container-specs.ts';

/** The pause container of a task, for a runtime under test. Every call makes another task. */
export function pauseSpecOf(
  context: { readonly instanceId: string },
  {
    network = {},
    sharesPid = false,
    sharesIpc = false,
  }: {
    readonly network?: Partial<WantedNetwork> | null;
    readonly sharesPid?: boolean;
    readonly sharesIpc?: boolean;
  } = {},
): PauseSpec {
  const taskId = randomBytes(16).toString('hex');
  const { cluster, launchType, taskLimits, taskDefinition } = containerSpecOf({ ...context, image: '' });
  return {
    kind: 'pause',
    taskId,
    taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${taskId}`,
    cluster,
    instanceId: context.instanceId,
    containerName: '~internal~ecs~pause',
    runtimeName: `ecs-contract-1-internalecspause-${taskId.slice(0, 20)}`,
    taskDefinition: { ...taskDefinition, networkMode: network === null ? 'bridge' : 'awsvpc' },
    launchType,
    taskLimits,
    network: network === null ? null : { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false, ...network },
    sharesPid,
    sharesIpc,
  };
}

/** A container of the same task, which shares what the pause container holds. */
export function joiningSpecOf(
  pause: PauseSpec,
  image: string,
  container: Partial<ContainerDefinition> = {},
): OwnContainerSpec {
  const spec = containerSpecOf({ instanceId: pause.instanceId, image }, container);
  const owner = { container: pause.runtimeName };
  return {
    ...spec,
    taskId: pause.taskId,
    taskArn: pause.taskArn,
    runtimeName: `ecs-contract-1-${spec.containerName}-${pause.taskId.slice(0, 20)}`,
    taskDefinition: { ...spec.taskDefinition, networkMode: pause.network === null ? 'bridge' : 'awsvpc' },
    network: pause.network === null ? 'bridge' : owner,
    pid: pause.sharesPid ? owner : null,
    ipc: pause.sharesIpc ? owner : null,
  };
}
