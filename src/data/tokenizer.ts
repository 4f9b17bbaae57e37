/** Text to token ids, by the Hugging Face tokenizer library; this is the one file that knows it. */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';

export type Tokenizer = {
  /** Every token, by id. */
  vocabulary: readonly string[];
  /**
   * Token ids with the model's special tokens, at most `maxLength` of them: texts are cut at the end, of a pair the
   * longer one first (as the Rust library's `longest_first`).
   */
  encode: (text: string, maxLength: number, pair?: string) => { ids: Int32Array; types: Int32Array };
};

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

/**
 * @param tokenizerJson the parsed tokenizer.json
 * @param tokenizerConfig the parsed tokenizer_config.json, or {}
 * @throws Error in the library's words where the file is not a tokenizer
 */
export function createTokenizer(tokenizerJson: object, tokenizerConfig: object): Tokenizer {
  const library = new HuggingFaceTokenizer(tokenizerJson, tokenizerConfig);
  const unknown = library.token_to_id((tokenizerConfig as { unk_token?: string }).unk_token ?? '[UNK]') ?? 0;
  const finish = library.post_processor;
  if (!finish) throw new Error('it has no post_processor, so special tokens cannot be placed');
  const special = (pair: boolean) => finish.post_process([], pair ? [] : null, true).tokens.length;
  const specials = [special(false), special(true)] as const;
  const split = (text: string) => library.tokenize(text, { add_special_tokens: false });

  return {
    vocabulary: [...library.get_vocab()].sort(([, a], [, b]) => a - b).map(([token]) => token),
    encode(text, maxLength, pair) {
      const first = split(text);
      const second = pair === undefined ? null : split(pair);
      const room = Math.max(0, maxLength - specials[second ? 1 : 0]);
      const [keepFirst, keepSecond] = fitPair(first.length, second?.length ?? 0, room, maxLength);
      const done = finish.post_process(first.slice(0, keepFirst), second?.slice(0, keepSecond) ?? null, true);
      return {
        ids: Int32Array.from(done.tokens, (token) => library.token_to_id(token) ?? unknown),
        types: Int32Array.from(done.token_type_ids ?? done.tokens.map(() => 0)),
      };
    },
  };
}

/**
 * The tokenizer.json of a BERT WordPiece vocabulary, for models that come with vocab.txt only.
 * @param vocabTxt one token a line; the line number is the id
 * @param lowercase whether text is lower-cased and stripped of accents first (`do_lower_case`)
 */
export function wordPieceTokenizerJson(vocabTxt: string, lowercase: boolean): object {
  const tokens = vocabTxt.split(/\r?\n/);
  if (tokens.at(-1) === '') tokens.pop();
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const piece = (token: string, type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (id: 'A' | 'B', type_id: number) => ({ Sequence: { id, type_id } });
  const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].filter((token) => token in vocab);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content) => ({
      id: vocab[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [piece('[CLS]', 0), text('A', 0), piece('[SEP]', 0)],
      pair: [piece('[CLS]', 0), text('A', 0), piece('[SEP]', 0), text('B', 1), piece('[SEP]', 1)],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [vocab[token]], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
