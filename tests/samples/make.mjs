// Writes the bundled sample data in public/samples/ from the hand-written
// phrasings in tests/samples/intents-en.json and intents-zh.json:
//   pairs-<lang>.csv     anchor,positive - two phrasings of one training intent
//   scored-<lang>.csv    sentence1,sentence2,score - held-out intents only:
//                        5 same intent, 2.5 another intent of the topic, 0 another topic
//   sentences-en.txt     every training phrasing, one a line
// Run it from the repository root with: node tests/samples/make.mjs
// The same input always gives the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const outputFolder = join(here, '..', '..', 'public', 'samples');
export const languages = ['en', 'zh'];

const PARTNERS = 6;
const RELATED_PER_INTENT_PAIR = 15;
const UNRELATED = 120;

/** All intents of a language, each as { topic, intent, heldOut, phrasings }. */
export function readIntents(language) {
  const { topics } = JSON.parse(readFileSync(join(here, `intents-${language}.json`), 'utf8'));
  return topics.flatMap(({ topic, intents }) =>
    intents.map(({ intent, heldOut = false, phrasings }) => ({ topic, intent, heldOut, phrasings })),
  );
}

/** A small seeded random source (mulberry32): numbers in [0, 1). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(items, random) {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

const eitherWay = ([a, b], random) => (random() < 0.5 ? [a, b] : [b, a]);

/** The phrasings in a random ring, each paired with its neighbour. */
function ringPairs(ring) {
  return ring.map((phrasing, i) => [phrasing, ring[(i + 1) % ring.length]]);
}

/**
 * A round-robin schedule of an even number of phrasings: in each round every
 * phrasing has one partner, and no two meet twice.
 */
function roundRobinPairs(phrasings, rounds) {
  const [fixed, ...ring] = phrasings;
  return Array.from({ length: rounds }, (_, round) => {
    const seats = [fixed, ...ring.slice(round), ...ring.slice(0, round)];
    return seats.slice(0, seats.length / 2).map((phrasing, i) => [phrasing, seats[seats.length - 1 - i]]);
  }).flat();
}

function field(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csv = (rows) => rows.map((row) => `${row.map(field).join(',')}\n`).join('');

/**
 * Each training phrasing meets PARTNERS others of its intent. The rows come in
 * passes over all training intents, so that rows of one intent stand apart.
 */
function makePairs(intents, random) {
  const perIntent = intents
    .filter(({ heldOut }) => !heldOut)
    .map(({ phrasings }) => roundRobinPairs(shuffled(phrasings, random), PARTNERS));
  const rows = perIntent[0].flatMap((_, pass) =>
    shuffled(perIntent, random).map((pairs) => eitherWay(pairs[pass], random)),
  );
  return csv([['anchor', 'positive'], ...rows]);
}

function makeScored(intents, random) {
  const held = intents.filter(({ heldOut }) => heldOut);
  const rows = held.flatMap(({ phrasings }) =>
    ringPairs(shuffled(phrasings, random)).map((pair) => [...eitherWay(pair, random), 5]),
  );
  const unrelated = [];
  held.forEach((first, i) => {
    for (const second of held.slice(i + 1)) {
      const across = first.phrasings.flatMap((a) => second.phrasings.map((b) => [a, b]));
      if (first.topic !== second.topic) unrelated.push(...across);
      else
        for (const pair of shuffled(across, random).slice(0, RELATED_PER_INTENT_PAIR))
          rows.push([...eitherWay(pair, random), 2.5]);
    }
  });
  for (const pair of shuffled(unrelated, random).slice(0, UNRELATED)) rows.push([...eitherWay(pair, random), 0]);
  return csv([['sentence1', 'sentence2', 'score'], ...shuffled(rows, random)]);
}

function makeSentences(intents, random) {
  const training = intents.filter(({ heldOut }) => !heldOut).flatMap(({ phrasings }) => phrasings);
  return shuffled(training, random)
    .map((sentence) => `${sentence}\n`)
    .join('');
}

/** Every output file as { name: text }. */
export function makeFiles() {
  const files = {};
  languages.forEach((language, i) => {
    const intents = readIntents(language);
    files[`pairs-${language}.csv`] = makePairs(intents, randomFrom(100 + i));
    files[`scored-${language}.csv`] = makeScored(intents, randomFrom(207 + i));
    if (language === 'en') files['sentences-en.txt'] = makeSentences(intents, randomFrom(300 + i));
  });
  return files;
}

if (argv[1] && fileURLToPath(import.meta.url) === argv[1]) {
  mkdirSync(outputFolder, { recursive: true });
  for (const [name, text] of Object.entries(makeFiles())) writeFileSync(join(outputFolder, name), text);
}
