import { findTaggedResource } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { query } from '../operation.ts';

export const listTagsForResource = query<{ readonly resourceArn: string }>('ListTagsForResource', {
  resources: (_views, { resourceArn }) => [resourceArn],
  answer: (views, { resourceArn }) => {
    const found = findTaggedResource(views, resourceArn);
    return 'rejection' in found ? found : ok({ tags: found.value.tags });
  },
});
