import { requestHash } from '#libs/ecs/deciders';

/**
 * What ECS compares when a client token comes again: the request as it was sent, not what it means. `count` left out and
 * `count: 1`, a family and its newest revision, an empty text and none are different requests. The order of members means
 * nothing, so that HTTP and NATS, and every process, get the same for the same request.
 *
 * @param body a request that has been decoded without an error
 * @param ignored members that do not count, besides the token
 */
export function sentRequestHash(operation: string, body: Uint8Array, ignored: readonly string[] = []): string {
  const members = Object.entries(JSON.parse(Buffer.from(body).toString('utf8')) as object);
  const counted = members.filter(([member]) => member !== 'clientToken' && !ignored.includes(member));
  return requestHash([operation, Object.fromEntries(counted)]);
}
