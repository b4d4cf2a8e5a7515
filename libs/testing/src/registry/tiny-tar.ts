const BLOCK_BYTES = 512;
const END_BLOCKS = 2;

/** A tar archive of one file: the smallest file system that an image can have. */
export function tinyTar(name: string, content: string): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(Buffer.byteLength(content), 11), 124);
  header.write(octal(0, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / BLOCK_BYTES) * BLOCK_BYTES);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(END_BLOCKS * BLOCK_BYTES)]);
}
