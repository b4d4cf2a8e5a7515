import { describeTasks as describe, listTasks as list } from '#libs/ecs/views';
import { clusterFirst } from '../lookups.ts';
import { query } from '../operation.ts';
import { instanceResource, taskResource } from '../resources.ts';

export const describeTasks = query('DescribeTasks', {
  resources: (views, input) => input.tasks.map((text) => taskResource(views, input, text)),
  lookups: clusterFirst,
  answer: describe,
});

export const listTasks = query('ListTasks', {
  resources: (views, input) =>
    input.containerInstance === undefined ? ['*'] : [instanceResource(views, input, input.containerInstance)],
  lookups: clusterFirst,
  answer: list,
});
