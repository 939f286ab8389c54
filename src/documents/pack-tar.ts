import { gzipSync } from 'node:zlib';

export type PackedFile = { name: string; content: string | Uint8Array };

const BLOCK = 512;

/**
 * Files as a `.tar.gz` that every system opens. The same files and moment give the same bytes.
 *
 * @param at milliseconds since 1970
 * @see POSIX.1-1988, ustar
 */
export function packTar(files: readonly PackedFile[], at: number): Uint8Array {
  const blocks = files.flatMap(({ name, content }) => {
    const bytes = Buffer.from(content);
    return [headOf(name, bytes.length, at), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

function headOf(name: string, size: number, at: number): Buffer {
  if (Buffer.byteLength(name) > 99) throw new Error(`The name ${name} is too long for a tar`);
  const head = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  head.write(name, 0);
  head.write(octal(0o644, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(size, 11), 124);
  head.write(octal(Math.floor(at / 1000), 11), 136);
  // The sum is made with spaces in its own place.
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\u000000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}
