import {
  describeContainerInstances as describe,
  listAttributes as listTheirAttributes,
  listContainerInstances as list,
} from '#libs/ecs/views';
import { clusterFirst } from '../lookups.ts';
import { query } from '../operation.ts';
import { clusterResource, instanceResource } from '../resources.ts';

export const describeContainerInstances = query('DescribeContainerInstances', {
  resources: (views, input) => input.containerInstances.map((text) => instanceResource(views, input, text)),
  lookups: clusterFirst,
  answer: describe,
});

export const listContainerInstances = query('ListContainerInstances', {
  resources: (views, input) => [clusterResource(views, input)],
  lookups: clusterFirst,
  answer: list,
});

export const listAttributes = query('ListAttributes', {
  resources: (views, input) => [clusterResource(views, input)],
  lookups: clusterFirst,
  answer: listTheirAttributes,
});
