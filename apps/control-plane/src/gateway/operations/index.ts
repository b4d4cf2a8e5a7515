import type { OperationHandler } from '../operation.ts';
import { clusterOperations } from './clusters.ts';
import { containerInstanceOperations } from './container-instances.ts';
import { serviceOperations } from './services.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { taskOperations } from './tasks.ts';

/** Every ECS operation that is served. A new one is a handler in one of these tables, and a line in the README. */
export const ecsOperationHandlers: ReadonlyMap<string, OperationHandler> = new Map(
  Object.entries({
    ...clusterOperations,
    ...containerInstanceOperations,
    ...serviceOperations,
    ...tagOperations,
    ...taskDefinitionOperations,
    ...taskOperations,
  }),
);
