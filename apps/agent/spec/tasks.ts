import { randomBytes } from 'node:crypto';
import type { ContainerDefinition, TaskDefinition, WantedTask } from '#libs/ecs/messages';

export function definitionOf(image: string, members: Partial<ContainerDefinition>, family = 'spec'): TaskDefinition {
  return {
    taskDefinitionArn: `arn:aws:ecs:us-east-1:000000000000:task-definition/${family}:1`,
    family,
    revision: 1,
    networkMode: 'bridge',
    placementConstraints: [],
    containerDefinitions: [
      { name: 'app', image, cpu: 0, essential: true, portMappings: [], environment: [], stopTimeout: 2, ...members },
    ],
  };
}

export function wantedTask(definition: TaskDefinition, members: Partial<WantedTask> = {}): WantedTask {
  const taskId = randomBytes(16).toString('hex');
  return {
    taskId,
    taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${taskId}`,
    desiredStatus: 'RUNNING',
    lastStatus: 'PENDING',
    taskDefinitionArn: definition.taskDefinitionArn,
    group: `family:${definition.family}`,
    containerOverrides: [],
    ...members,
  };
}
