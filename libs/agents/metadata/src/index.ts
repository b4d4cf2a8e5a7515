export { containerDocument } from './container-document.ts';
export { METADATA_ADDRESS, METADATA_PORT } from './metadata-address.ts';
export type { MetadataDocument, ShownContainer, ShownTask, TaskSource } from './document.ts';
export { RateLimit } from './rate-limit.ts';
export { failedPageText, metadataRoute, unknownEndpointText } from './route.ts';
export type { MetadataPage, MetadataRoute } from './route.ts';
export { statsDocument } from './stats-document.ts';
export { containersOf, taskDocument } from './task-document.ts';
