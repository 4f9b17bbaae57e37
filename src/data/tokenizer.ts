/** Text to token ids, by the Hugging Face tokenizer library; this is the one file that knows it. */
import {
  BertNormalizer,
  BertPreTokenizer,
  BPE,
  ByteLevelPreTokenizer,
  Tokenizer as HuggingFaceTokenizer,
  WordPiece,
} from '@huggingface/tokenizers';
import { cutForBert, cutForBytes } from './pieces.ts';

export type Tokenizer = {
  /** Every token, by id; empty where an id is not used. */
  vocabulary: readonly string[];
  /** What stands for a word that the vocabulary lacks. */
  unknown: number;
  /** Special tokens around a single text. */
  frame: { before: number; after: number };
  /**
   * Token ids with the model's special tokens, at most `maxLength` of them: texts are cut at the end, of a pair the
   * longer one first (as the Rust library's `longest_first`).
   */
  encode: (text: string, maxLength: number, pair?: string) => { ids: Int32Array; types: Int32Array };
};

/** Pieces whose tokens are remembered, and the length up to which they are; the memory is emptied when it is full. */
const mostPieces = 1 << 17;
const longestPiece = 32;

const asciiPiece = /^[!-~]+$/;

/**
 * How many tokens of each text of a pair fit into `room`, as the Rust library's truncation gives them: where both must
 * be cut, the odd token goes to the longer one, lengths beyond `maxLength` counting as equal.
 */
function fitPair(first: number, second: number, room: number, maxLength: number): [number, number] {
  if (first + second <= room) return [first, second];
  const half = Math.floor(room / 2);
  if (Math.min(first, second) > half) {
    return Math.min(first, maxLength) > Math.min(second, maxLength) ? [room - half, half] : [half, room - half];
  }
  return first < second ? [first, room - first] : [room - second, second];
}

/** How the texts of a tokenizer fall into pieces that can be tokenised one by one: `cut` calls `take` until it says false. */
type Pieces = { cut: (text: string, take: (piece: string) => boolean) => void; tokenize: (piece: string) => string[] };

/** The pieces of BERT's and of RoBERTa's kind of tokenizer as they are published; null for any other, or other settings. */
function findPieces(library: HuggingFaceTokenizer, json: object, config: object): Pieces | null {
  const { normalizer, model, pre_tokenizer, added_tokens } = json as {
    normalizer?: { clean_text?: boolean; handle_chinese_chars?: boolean; lowercase?: boolean } | null;
    model?: { fuse_unk?: boolean };
    pre_tokenizer?: { add_prefix_space?: boolean; use_regex?: boolean };
    added_tokens?: { normalized?: boolean; special?: boolean }[];
  };
  const { remove_space, do_lowercase_and_remove_accent } = config as Record<string, unknown>;
  const isReaching = (added_tokens ?? []).some(({ normalized, special }) => normalized ?? !special);
  if (remove_space || do_lowercase_and_remove_accent || model?.fuse_unk || isReaching) return null;
  const parts = library.model;
  if (library.normalizer instanceof BertNormalizer && library.pre_tokenizer instanceof BertPreTokenizer) {
    if (!(parts instanceof WordPiece && normalizer?.clean_text && normalizer.handle_chinese_chars)) return null;
    const lower = normalizer.lowercase ?? false;
    const tokenize = (piece: string) => {
      // An ASCII piece is one word already: to clean it, character by character, takes longer than to find its tokens.
      if (asciiPiece.test(piece)) return parts.encode([lower ? piece.toLowerCase() : piece]);
      return library.tokenize(piece);
    };
    return { cut: cutForBert, tokenize };
  }
  if (library.normalizer || !(library.pre_tokenizer instanceof ByteLevelPreTokenizer) || !(parts instanceof BPE)) {
    return null;
  }
  if (pre_tokenizer?.use_regex === false) return null;
  const toBytes = new ByteLevelPreTokenizer({ type: 'ByteLevel', use_regex: false, add_prefix_space: false });
  return {
    cut: (text, take) => cutForBytes(text, pre_tokenizer?.add_prefix_space ?? false, take),
    tokenize: (piece) => parts.encode(toBytes.pre_tokenize_text(piece)),
  };
}

/** Tells whether a text holds one of the added tokens, such as “[MASK]”, which the library looks for in the whole of it. */
function findAddedTokens(json: object): (text: string) => boolean {
  const { added_tokens } = json as { added_tokens?: { content: string }[] };
  const contents = (added_tokens ?? []).map(({ content }) => content.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const pattern = new RegExp(contents.join('|'), 'u');
  return (text) => contents.length > 0 && pattern.test(text);
}

/** One place of the special tokens' frame around a text or a pair: a special token, or all of a text. */
type Place = { special: number; text: null; type: number } | { text: 0 | 1; type: number };

const marks = ['\0first', '\0second'];

/**
 * @param tokenizerJson the parsed tokenizer.json
 * @param tokenizerConfig the parsed tokenizer_config.json, or {}
 * @throws Error in the library's words where the file is not a tokenizer
 */
export function createTokenizer(tokenizerJson: object, tokenizerConfig: object): Tokenizer {
  const library = new HuggingFaceTokenizer(tokenizerJson, tokenizerConfig);
  const named = (tokenizerConfig as { unk_token?: string | { content?: string } }).unk_token;
  const unknownTokens = [typeof named === 'string' ? named : named?.content, '[UNK]', '<unk>'];
  const unknown = unknownTokens.map((token) => token && library.token_to_id(token)).find(Number.isInteger) || 0;
  const idOf = (token: string) => library.token_to_id(token) ?? unknown;
  const finish = library.post_processor;
  if (!finish) throw new Error('it has no post_processor, so special tokens cannot be placed');
  // The Rust library gives both texts of a RoBERTa pair type 0; @huggingface/tokenizers 0.2.0 gives the second type 1.
  const { post_processor } = tokenizerJson as { post_processor?: { type?: string } };
  const untyped = post_processor?.type === 'RobertaProcessing';
  const frame = (pair: boolean): Place[] => {
    const { tokens, token_type_ids } = finish.post_process([marks[0]!], pair ? [marks[1]!] : null, true);
    return tokens.map((token, i) => {
      const type = untyped ? 0 : (token_type_ids?.[i] ?? 0);
      const text = marks.indexOf(token);
      return text === -1 ? { special: idOf(token), text: null, type } : { text: text as 0 | 1, type };
    });
  };
  const frames = [frame(false), frame(true)] as const;
  const place = frames[0].findIndex(({ text }) => text !== null);
  const vocabulary: string[] = [];
  for (const [token, id] of library.get_vocab()) vocabulary[id] = token;

  const pieces = findPieces(library, tokenizerJson, tokenizerConfig);
  const holdsAddedToken = findAddedTokens(tokenizerJson);
  const known = new Map<string, readonly number[]>();

  /** Ids without special tokens. Of more than `enough` tokens there may be any number, but no fewer. */
  const split = (text: string, enough: number): readonly number[] => {
    if (!pieces || holdsAddedToken(text)) return library.tokenize(text).map(idOf);
    const ids: number[] = [];
    pieces.cut(text, (piece) => {
      let found = known.get(piece);
      if (!found) {
        found = pieces.tokenize(piece).map(idOf);
        if (known.size >= mostPieces) known.clear();
        if (piece.length <= longestPiece) known.set(piece, found);
      }
      for (const id of found) ids.push(id);
      return ids.length < enough;
    });
    return ids;
  };

  return {
    vocabulary: Array.from(vocabulary, (token) => token ?? ''),
    unknown,
    frame: { before: place, after: frames[0].length - 1 - place },
    encode(text, maxLength, pair) {
      const texts = pair === undefined ? [split(text, maxLength)] : [split(text, maxLength), split(pair, maxLength)];
      const places = frames[texts.length === 1 ? 0 : 1];
      const room = Math.max(0, maxLength - (places.length - texts.length));
      const kept = fitPair(texts[0]!.length, texts[1]?.length ?? 0, room, maxLength);
      const length = places.length - texts.length + kept[0] + kept[1];
      const ids = new Int32Array(length);
      const types = new Int32Array(length);
      let at = 0;
      for (const place of places) {
        const start = at;
        if (place.text === null) ids[at++] = place.special;
        else for (let i = 0; i < kept[place.text]; i++) ids[at++] = texts[place.text]![i]!;
        if (place.type) types.fill(place.type, start, at);
      }
      return { ids, types };
    },
  };
}
