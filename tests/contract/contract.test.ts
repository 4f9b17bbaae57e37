/** The tables that form, worker and command line are derived from are whole, and checks against them say what is wrong. */
import { describe, expect, test } from 'vitest';
import {
  appliesTo,
  defaultConfig,
  defaultsFor,
  optionEntries,
  options,
  type RunConfig,
} from '../../src/contract/catalogue.ts';
import { checkConfig, checkOption, requireConfig, suitEvaluateEvery } from '../../src/contract/config.ts';
import { type ObjectiveName, objectives, roles } from '../../src/contract/objectives.ts';
import { problem, problemTexts, sayProblem, type Text } from '../../src/contract/problems.ts';

const placeholders = (sentence: string) => [...sentence.matchAll(/\{\{\w+\}\}/g)].map(([name]) => name).sort();

const limits = { maxPositions: 128, hidden: 128, layers: 2 };

describe('texts', () => {
  test('every problem has the same values in both languages, and Chinese in the Chinese one', () => {
    const all = Object.entries(problemTexts);
    expect(all.length).toBeGreaterThan(30);
    for (const [code, { en, zh }] of all) {
      expect(placeholders(zh), code).toEqual(placeholders(en));
      expect(code === 'option-invalid' || /\p{Script=Han}/u.test(zh), code).toBe(true);
      expect(en, code).not.toMatch(/\p{Script=Han}/u);
    }
  });

  test('every option, objective and role is labelled in both languages', () => {
    const texts: Text[] = [
      ...Object.values(options).flatMap(({ label, help }) => [label, help]),
      ...Object.values(objectives).flatMap(({ label, summary }) => [label, summary]),
      ...Object.values(roles).map(({ label }) => label),
    ];
    expect(texts.length).toBeGreaterThan(40);
    for (const { en, zh } of texts)
      expect([en.length > 0, zh.length > 0, en.includes('  ')]).toEqual([true, true, false]);
  });

  test('a text in a sentence is said in the sentence’s own language', () => {
    const said = problem('option-invalid', { option: options.epochs.label, reason: { en: 'no', zh: '不行' } });
    expect(sayProblem(said)).toBe('Epochs: no');
    expect(sayProblem(said, 'zh')).toBe('轮数：不行');
  });
});

describe('options', () => {
  test('every default is valid', () => {
    expect(Object.keys(defaultConfig)).toHaveLength(optionEntries.length);
    expect(() => requireConfig(defaultConfig)).not.toThrow();
  });

  test.each([
    ['epochs', 0, 'Enter a number from 1 to 100.'],
    ['epochs', 1.5, 'Enter a whole number.'],
    ['epochs', Number.NaN, 'Enter a number.'],
    ['epochs', '3', 'Enter a number.'],
    ['learningRate', 1, 'Enter a number from 1e-7 to 0.1.'],
    ['pooling', 'best', 'Choose one of: mean, cls, max, mean_sqrt_len, first_last_avg, pooler.'],
    ['pooling', 'toString', 'Choose one of: mean, cls, max, mean_sqrt_len, first_last_avg, pooler.'],
    ['maxLength', 200, 'This model reads at most 128 tokens. Enter a number from 4 to 128.'],
    ['freezeLayers', 3, 'This model has 2 layers. Enter a number from 0 to 2.'],
    ['matryoshka', [64, 256], 'This model’s embeddings have 128 dimensions. Enter numbers up to 128.'],
    ['matryoshka', '64', 'Enter numbers separated by commas, or nothing.'],
    ['matryoshkaWeights', [1, Number.NaN], 'Enter a number.'],
    ['momentum', 1, 'Enter a number from 0 to 0.999.'],
  ] as const)('%s %s is refused', (name, value, sentence) => {
    expect(sayProblem(checkOption(name, value, limits)!)).toBe(sentence);
  });

  test('values that do not go together are told at the one to change', () => {
    const check = (changes: Partial<RunConfig>) => checkConfig({ ...defaultConfig, ...changes });
    expect(sayProblem(check({ accumulation: 4 }).accumulation!)).toMatch(/Set this to 1; .*Cached multiple negatives/);
    expect(check({ accumulation: 4, objective: 'cosine-similarity' })).toEqual({});
    expect(sayProblem(check({ matryoshka: [64], matryoshkaWeights: [1, 2] }).matryoshkaWeights!)).toMatch(
      /2 weights for 1/,
    );
    expect(check({ matryoshka: [63], objective: 'angle' })).toHaveProperty('matryoshka');
    expect(check({ matryoshka: [63], objective: 'cross-encoder', accumulation: 2 })).toEqual({});
  });

  test('every number says what happens if it is larger and if it is smaller, every choice what it may be', () => {
    const seen = { numbers: 0, choices: 0 };
    for (const [name, option] of optionEntries) {
      if (option.kind === 'choice') {
        seen.choices++;
        expect(Object.keys(option.choices).length, name).toBeGreaterThan(1);
        continue;
      }
      seen.numbers++;
      for (const { en, zh } of [option.larger, option.smaller]) {
        expect(en, name).toMatch(/^[A-Z0-9].{15,}\.$/);
        expect(zh, name).toMatch(/[\u4e00-\u9fff].{5,}。$/);
      }
      // Help says what it is; what it does stands apart.
      expect(option.help.en, name).not.toMatch(/\b(Larger|Smaller|Too high|Too low)\b/);
    }
    expect(seen.numbers).toBeGreaterThan(20);
    expect(seen.numbers + seen.choices).toBe(optionEntries.length);
  });

  test('every objective has its own defaults, all of them valid', () => {
    for (const name of Object.keys(objectives) as ObjectiveName[]) {
      const config = defaultsFor(name);
      expect(config.objective).toBe(name);
      expect(checkConfig(config)).toEqual({});
    }
    expect(defaultsFor('triplet')).toMatchObject({ margin: 5, normalize: 'no' });
    expect(defaultsFor('contrastive')).toMatchObject({ margin: 0.5, normalize: 'yes' });
    expect(defaultsFor('cross-encoder').learningRate).toBe(5e-5);
  });

  test('a wrong configuration names the option', () => {
    expect(() => requireConfig({ ...defaultConfig, batchSize: 1 })).toThrow(
      'Batch size: Enter a number from 2 to 4096.',
    );
  });

  test('some options belong to one objective', () => {
    expect([appliesTo(options.views, 'simcse'), appliesTo(options.views, 'mnrl')]).toEqual([true, false]);
    expect(appliesTo(options.scale, 'mnrl')).toBe(true);
  });

  test('about ten evaluations a run, but none closer than 20 steps', () => {
    expect([10, 200, 201, 10_000].map(suitEvaluateEvery)).toEqual([20, 20, 21, 1000]);
  });
});
