/** Slack's own limit for a file in a form, and enough for one in a channel here. */
export const FILE_MAX_BYTES = 10 * 1024 * 1024;

/** A file from the person's computer, for an act. */
export async function readFile(file: File): Promise<{ name: string; base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return { name: file.name, base64: btoa(binary) };
}
