export { listTagsForResource } from './list-tags-for-resource.ts';
export { tagResource, untagResource } from './change-tags.ts';
