/** The tables that form, worker and command line are derived from are whole, and checks against them say what is wrong. */
import { describe, expect, test } from 'vitest';
import { appliesTo, defaultConfig, objectives, optionEntries, options, roles } from '../../src/contract/catalogue.ts';
import { checkOption, requireConfig, suitEvaluateEvery } from '../../src/contract/config.ts';
import { problem, problemTexts, sayProblem, type Text } from '../../src/contract/problems.ts';

const placeholders = (sentence: string) => [...sentence.matchAll(/\{\{\w+\}\}/g)].map(([name]) => name).sort();

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
    ['pooling', 'best', 'Choose one of: mean, cls, max.'],
    ['pooling', 'toString', 'Choose one of: mean, cls, max.'],
    ['maxLength', 200, 'This model reads at most 128 tokens. Enter a number from 4 to 128.'],
  ] as const)('%s %s is refused', (name, value, sentence) => {
    expect(sayProblem(checkOption(name, value, 128)!)).toBe(sentence);
  });

  test('a wrong configuration names the option', () => {
    expect(() => requireConfig({ ...defaultConfig, batchSize: 1 })).toThrow(
      'Batch size: Enter a number from 2 to 1024.',
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
