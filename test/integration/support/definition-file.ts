import { readFile } from 'node:fs/promises';

interface Definition {
  readonly networkMode?: string | null;
  readonly requiresCompatibilities?: readonly string[] | null;
}

/**
 * A file as people keep it, as the request that their tools make of it: the answer of a describe call is unwrapped, and a bare
 * list is `containerDefinitions`.
 */
export async function readDefinition(file: string, family: string): Promise<Definition> {
  const content = JSON.parse(await readFile(file, 'utf8')) as unknown;
  if (Array.isArray(content)) return { family, containerDefinitions: content } as Definition;
  return (content as { readonly taskDefinition?: Definition }).taskDefinition ?? (content as Definition);
}

/** What RunTask needs besides the definition itself. */
export function launchOf({ networkMode, requiresCompatibilities }: Definition): object {
  const [only, ...others] = requiresCompatibilities ?? [];
  return {
    ...(others.length > 0 || only === undefined ? {} : { launchType: only }),
    ...(networkMode === 'awsvpc' ? { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } } : {}),
  };
}
