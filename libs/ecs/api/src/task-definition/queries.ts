import {
  describeTaskDefinition as describe,
  listTaskDefinitionFamilies as listFamilies,
  listTaskDefinitions as list,
} from '#libs/ecs/views';
import { query } from '../operation.ts';

/* Permissions of these name no resource. */

export const describeTaskDefinition = query('DescribeTaskDefinition', { answer: describe });

export const listTaskDefinitions = query('ListTaskDefinitions', { answer: list });

export const listTaskDefinitionFamilies = query('ListTaskDefinitionFamilies', { answer: listFamilies });
