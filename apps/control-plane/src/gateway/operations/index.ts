import { isQuery, queries, runQuery } from '#libs/ecs/views';
import { operation } from '../operation.ts';
import type { OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';
import { clusterOperations } from './clusters.ts';
import { containerInstanceOperations } from './container-instances.ts';
import { serviceOperations } from './services.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { taskOperations } from './tasks.ts';

/** Describe* and List*: a question to the views, nothing else. */
const queryOperations = Object.fromEntries(
  Object.keys(queries)
    .filter(isQuery)
    .map((name) => [
      name,
      operation((input: Record<string, unknown>, _caller, { views }) => unwrap(runQuery(views, name, input))),
    ]),
);

/** Every ECS operation that is served. A new command is a handler in one of these tables. */
export const ecsOperationHandlers: ReadonlyMap<string, OperationHandler> = new Map(
  Object.entries({
    ...queryOperations,
    ...clusterOperations,
    ...containerInstanceOperations,
    ...serviceOperations,
    ...tagOperations,
    ...taskDefinitionOperations,
    ...taskOperations,
  }),
);
