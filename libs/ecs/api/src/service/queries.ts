import {
  describeServices as describe,
  listServices as list,
  listServicesByNamespace as listByNamespace,
} from '#libs/ecs/views';
import { clusterFirst } from '../lookups.ts';
import { query } from '../operation.ts';
import { serviceResource } from '../resources.ts';

export const describeServices = query('DescribeServices', {
  resources: (views, input) => input.services.map((text) => serviceResource(views, input, text)),
  lookups: clusterFirst,
  answer: describe,
});

export const listServices = query('ListServices', { lookups: clusterFirst, answer: list });

export const listServicesByNamespace = query('ListServicesByNamespace', { answer: listByNamespace });
