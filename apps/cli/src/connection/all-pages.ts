import { ask } from './ask.ts';
import type { WaybillConnection } from './waybill-connection.ts';

/** Every item of a List* operation, page by page. */
export async function listAll(
  connection: WaybillConnection,
  operation: string,
  request: object,
  member: string,
): Promise<readonly string[]> {
  const items: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = (await ask(connection, 'ecs', operation, {
      ...request,
      ...(nextToken === undefined ? {} : { nextToken }),
    })) as Record<string, unknown>;
    items.push(...(page[member] as readonly string[]));
    nextToken = page['nextToken'] as string | undefined;
  } while (nextToken !== undefined);
  return items;
}

/** What a Describe* operation returns for all of them, in requests of at most `atOnce`. */
export async function describeAll<Item>(
  connection: WaybillConnection,
  operation: string,
  request: object,
  { ask: asked, answer, names, atOnce }: { ask: string; answer: string; names: readonly string[]; atOnce: number },
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce);
    const found = (await ask(connection, 'ecs', operation, { ...request, [asked]: some })) as Record<string, unknown>;
    items.push(...(found[answer] as readonly Item[]));
  }
  return items;
}
