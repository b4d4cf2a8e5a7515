// @ts-check
/** A ustar archive in memory: the root of an image, the same bytes for the same content on every machine. */

const BLOCK_BYTES = 512;
const TYPES = { file: '0', link: '2', folder: '5' };

/**
 * @typedef {{ type: 'file', path: string, mode: number, content: Buffer }
 *   | { type: 'folder', path: string, mode: number }
 *   | { type: 'link', path: string, target: string }} Entry paths are relative, without a leading slash
 */

/**
 * @param {readonly Entry[]} entries parents before their children
 * @returns {Buffer}
 */
export function tar(entries) {
  const parts = entries.flatMap((entry) => {
    const content = entry.type === 'file' ? entry.content : Buffer.alloc(0);
    const padding = Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES);
    return [header(entry, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK_BYTES)]);
}

/**
 * Owner root, time zero. Names of 100 bytes are enough here: longer ones need a prefix field.
 *
 * @param {Entry} entry
 * @param {number} sizeBytes
 */
function header(entry, sizeBytes) {
  if (Buffer.byteLength(entry.path) > 100) throw new RangeError(`a name of at most 100 bytes: ${entry.path}`);
  const block = Buffer.alloc(BLOCK_BYTES);
  /** @param {number} value @param {number} digits */
  const octal = (value, digits) => value.toString(8).padStart(digits, '0');
  block.write(entry.path, 0);
  block.write(octal(entry.type === 'link' ? 0o777 : entry.mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(sizeBytes, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(TYPES[entry.type], 156);
  if (entry.type === 'link') block.write(entry.target, 157);
  block.write('ustar\x0000', 257);
  // The sum is taken with its own field full of blanks.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
