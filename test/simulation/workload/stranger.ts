import type { OwnContainerSpec } from '#libs/agents/core';
import { arns } from '#libs/ecs/messages';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { CLUSTER, LOCALE } from '../world/names.ts';

const container: ContainerDefinition = {
  name: 'stranger',
  image: 'web',
  cpu: 0,
  memory: 64,
  essential: true,
  portMappings: [],
  environment: [],
};

const taskDefinition: TaskDefinition = {
  taskDefinitionArn: arns.taskDefinition(LOCALE, 'stranger', 1),
  family: 'stranger',
  revision: 1,
  containerDefinitions: [container],
  placementConstraints: [],
};

/** A container of a task that there never was, with the labels of an instance: a leftover, or a caller's mistake. */
export function strangerSpec(taskId: string, instanceId: string): OwnContainerSpec {
  return {
    kind: 'container',
    taskId,
    taskArn: arns.task(LOCALE, CLUSTER, taskId),
    cluster: CLUSTER,
    instanceId,
    containerName: container.name,
    runtimeName: `stranger-${taskId}`,
    launchType: 'EC2',
    taskLimits: {},
    image: { reference: container.image },
    network: 'bridge',
    pid: null,
    ipc: null,
    volumeConfigurations: [],
    container,
    taskDefinition,
    environment: [],
    links: [],
    volumesFrom: [],
  };
}
