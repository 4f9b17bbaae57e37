/** Files for tests: from text in any encoding, and files whose stream comes in pieces of any size. */
import { drawIndex, type Random } from '../../src/data/shuffle.ts';

/** GB18030 bytes of every character with a two-byte code, found by decoding them all; Node has no encoder. */
const gbCodes = new Map<string, number[]>();
const gbDecoder = new TextDecoder('gb18030');
for (let lead = 0x81; lead <= 0xfe; lead++) {
  for (let trail = 0x40; trail <= 0xfe; trail++) {
    const text = gbDecoder.decode(Uint8Array.of(lead, trail));
    if ([...text].length === 1 && text !== '\ufffd') gbCodes.set(text, [lead, trail]);
  }
}

/** The text in GB18030; throws for characters with a four-byte code. */
export function encodeGb18030(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const code = character.charCodeAt(0) < 0x80 ? [character.charCodeAt(0)] : gbCodes.get(character);
      if (!code) throw new Error(`no two-byte code for ${character}`);
      return code;
    }),
  );
}

/** The text in UTF-16, little- or big-endian, without a mark. */
export function encodeUtf16(text: string, order: 'le' | 'be'): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(order === 'le' ? bytes : bytes.swap16());
}

export function makeFile(content: string | Uint8Array<ArrayBuffer> | number[], name = 'pairs.csv'): File {
  return new File([Array.isArray(content) ? Uint8Array.from(content) : content], name);
}

/** A file whose stream cuts its bytes at random into pieces of 1 to `longest`. */
export class ChoppedFile extends File {
  readonly #random: Random;
  readonly #longest: number;
  constructor(content: Uint8Array<ArrayBuffer>, name: string, random: Random, longest: number) {
    super([content], name);
    this.#random = random;
    this.#longest = longest;
  }
  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const whole = this.arrayBuffer();
    let at = 0;
    return new ReadableStream({
      pull: async (controller) => {
        const bytes = new Uint8Array(await whole);
        if (at >= bytes.length) return controller.close();
        const end = Math.min(bytes.length, at + 1 + drawIndex(this.#random, this.#longest));
        controller.enqueue(bytes.slice(at, end));
        at = end;
      },
    });
  }
}

/** The code of the problem that `action` fails with. */
export async function catchProblem(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    return (error as { problem: { code: string } }).problem.code;
  }
  throw new Error('nothing failed');
}
