import { randomBytes } from 'node:crypto';
import type { OwnContainerSpec } from '#libs/container-runtime';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';

/** A task with one container, for a runtime under test. Every call makes another task. */
export function containerSpecOf(
  context: { readonly instanceId: string; readonly image: string },
  container: Partial<ContainerDefinition> = {},
  task: Partial<TaskDefinition> = {},
): OwnContainerSpec {
  const taskId = randomBytes(16).toString('hex');
  const definition: ContainerDefinition = {
    name: 'app',
    image: context.image,
    cpu: 0,
    essential: true,
    portMappings: [],
    environment: [],
    ...container,
  };
  return {
    kind: 'container',
    taskId,
    taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${taskId}`,
    cluster: 'default',
    instanceId: context.instanceId,
    containerName: definition.name,
    runtimeName: `ecs-contract-1-${definition.name}-${taskId.slice(0, 20)}`,
    launchType: 'EC2',
    taskLimits: {},
    image: { reference: definition.image },
    network: networkOf(task.networkMode),
    pid: task.pidMode === 'host' ? 'host' : null,
    ipc: task.ipcMode === 'host' ? 'host' : null,
    volumeConfigurations: [],
    container: definition,
    taskDefinition: {
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/contract:1',
      family: 'contract',
      revision: 1,
      networkMode: 'bridge',
      placementConstraints: [],
      containerDefinitions: [definition],
      ...task,
    },
    environment: definition.environment,
    links: [],
    volumesFrom: [],
  };
}

function networkOf(mode: string | undefined): OwnContainerSpec['network'] {
  return mode === 'host' || mode === 'none' ? mode : 'bridge';
}

/** Waits until `look` gives what `isDone` accepts. Jest's own time-out is the limit. */
export async function eventually<Value>(look: () => Promise<Value>, isDone: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await look();
    if (isDone(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
