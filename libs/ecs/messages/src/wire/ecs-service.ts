import type { ServiceModel } from '#libs/kernel';
import { ecsShapes } from '../generated/ecs-shapes.ts';
import { ecsRules } from './ecs-rules.ts';

/** Amazon Elastic Container Service as its clients speak to it. */
export const ecsService: ServiceModel = {
  serviceId: 'ECS',
  signingName: 'ecs',
  isGlobal: false,
  protocols: [{ name: 'json-1.1', targetPrefix: 'AmazonEC2ContainerServiceV20141113' }],
  shapes: ecsShapes,
  rules: ecsRules,
};
