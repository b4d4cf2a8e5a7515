/** What a container can read about itself and its task. */
export type MetadataPage = 'container' | 'task' | 'taskWithTags' | 'stats' | 'taskStats';

export interface MetadataRoute {
  readonly version: 3 | 4;
  readonly endpointId: string;
  readonly page: MetadataPage;
}

const PAGES: Readonly<Record<string, MetadataPage>> = {
  '': 'container',
  '/task': 'task',
  '/taskWithTags': 'taskWithTags',
  '/stats': 'stats',
  '/task/stats': 'taskStats',
};

const PATH = /^\/v([34])\/([^/]*)(.*?)\/?$/;

/** Which page a path names: `/v4/<endpoint id>/task`; undefined: none. A query is ignored. */
export function metadataRoute(url: string): MetadataRoute | undefined {
  const [path = ''] = url.split('?');
  const [, version, endpointId = '', rest = ''] = PATH.exec(path) ?? [];
  const page = Object.hasOwn(PAGES, rest) ? PAGES[rest] : undefined;
  if (version === undefined || page === undefined) return undefined;
  return { version: version === '3' ? 3 : 4, endpointId, page };
}

const HANDLERS: Readonly<Record<MetadataPage, string>> = {
  container: 'container metadata',
  task: 'task metadata',
  taskWithTags: 'task metadata',
  stats: 'container stats',
  taskStats: 'task stats',
};
const NO_CONTAINER = 'unable to get container ID from request: unable to get docker ID from v3 endpoint ID';
const NO_TASK = 'unable to get task arn from request: unable to get task Arn from v3 endpoint ID';

/** What the ECS agent answers for an id that it does not know, with 404 and as a JSON string. */
export function unknownEndpointText({ version, endpointId, page }: MetadataRoute): string {
  return `V${version} ${HANDLERS[page]} handler: ${page === 'container' ? NO_CONTAINER : NO_TASK}: ${endpointId}`;
}

/** With 500: the engine did not answer, or the task has just gone. */
export function failedPageText({ page, endpointId }: MetadataRoute): string {
  if (page === 'container') return `unable to generate metadata for container '${endpointId}'`;
  if (page === 'stats') return `Unable to get container stats for: ${endpointId}`;
  if (page === 'taskStats') return `Unable to get task stats for: ${endpointId}`;
  return `Unable to generate metadata for v4 task: '${endpointId}'`;
}
