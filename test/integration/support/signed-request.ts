import { createHash, createHmac, randomUUID } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RootAccessKey } from '#libs/platform';

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** sha256 and HMAC as the signer wants them. */
class Sha256 {
  readonly #hash;
  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBuffer(secret));
  }
  update(data: Bytes): void {
    this.#hash.update(toBuffer(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function toBuffer(data: Bytes): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

/** Signs the body of one operation as an SDK does: AWS JSON 1.1. Returns the headers of the request, `host` included. */
export function ecsSigner(
  endpoint: string,
  key: RootAccessKey,
): (operation: string, body: string) => Promise<Record<string, string>> {
  const { hostname, host } = new URL(endpoint);
  const signer = new SignatureV4({ service: 'ecs', region: 'us-east-1', credentials: key, sha256: Sha256 });
  return async (operation, body) => {
    const headers = {
      host,
      'amz-sdk-invocation-id': randomUUID(),
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
    };
    const request = { method: 'POST', protocol: 'http:', hostname, path: '/', query: {}, headers, body };
    return (await signer.sign(request)).headers;
  };
}
