import { ecs } from '#contexts/ecs';
import { iam } from '#contexts/iam';
import type { BoundedContext } from '#libs/kernel';

/** The services that this product is made of. Another one is a folder beside this file and a name here. */
export const contexts: readonly BoundedContext[] = [ecs, iam];
