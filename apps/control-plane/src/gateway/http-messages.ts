import type { IncomingMessage } from 'node:http';
import type { SigV4Request, WireResponse } from '#libs/aws-wire';
import type { FastifyReply } from 'fastify';

/** A request as far as it is known before its body has arrived. */
export type RequestHead = Omit<SigV4Request, 'body'>;

/** A request without its body, as it came over the wire. The query begins after the first question mark. */
export function headOf({ method = '', url = '/', headersDistinct }: IncomingMessage): RequestHead {
  const mark = url.indexOf('?');
  const [path, query] = mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  return { method, path, query, headers: headersDistinct };
}

export function send(reply: FastifyReply, requestId: string, { status, headers, body }: WireResponse): void {
  reply
    .status(status)
    .header('x-amzn-requestid', requestId)
    .headers({ ...headers })
    .send(body);
}
