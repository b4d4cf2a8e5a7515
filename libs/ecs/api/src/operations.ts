import type { ViewDirectory } from '#libs/ecs/views';
import type { Operation } from '#libs/kernel';
import * as accountSetting from './account-setting/index.ts';
import * as cluster from './cluster/index.ts';
import * as containerInstance from './container-instance/index.ts';
import type { EcsOperation } from './operation.ts';
import * as service from './service/index.ts';
import * as tag from './tag/index.ts';
import * as task from './task/index.ts';
import * as taskDefinition from './task-definition/index.ts';

/** The operations of each aggregate: whatever its folder exports. */
const FOLDERS: readonly Readonly<Record<string, EcsOperation>>[] = [
  accountSetting,
  cluster,
  containerInstance,
  service,
  tag,
  task,
  taskDefinition,
];

/** Every operation that is served, by its name in the ECS API. */
export const operations: ReadonlyMap<string, Operation<ViewDirectory>> = new Map(
  FOLDERS.flatMap((folder) => Object.values(folder).map((operation) => [operation.name, operation])),
);
