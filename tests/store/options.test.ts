/** Options as typed. */
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import { checkDrafts, configOf, draftsOf, readNumber } from '../../src/store/options.ts';

const drafts = draftsOf(defaultConfig);

it('reads the numbers people type', () => {
  expect(['3', ' 2e-4 ', '.5', '１２', '-1', '1.'].map(readNumber)).toEqual([3, 2e-4, 0.5, 12, -1, 1]);
  for (const text of ['', 'abc', '1,5', '0x10', 'Infinity', '1 2']) expect(readNumber(text)).toBeNaN();
});

describe('configOf', () => {
  it('gives the defaults back', () => {
    expect(configOf(drafts)).toEqual(defaultConfig);
  });

  it('has no configuration while a value is wrong', () => {
    expect(configOf({ ...drafts, epochs: '0' })).toBeNull();
    expect(configOf({ ...drafts, maxLength: '400' }, 128)).toBeNull();
    expect(configOf({ ...drafts, maxLength: '400' }, 512)?.maxLength).toBe(400);
  });

  it('does not mind a wrong value that the objective does not use', () => {
    expect(configOf({ ...drafts, objective: 'simcse', positiveScore: 'x' })?.positiveScore).toBe(
      defaultConfig.positiveScore,
    );
  });
});

it('names what is wrong, by option', () => {
  expect(checkDrafts({ ...drafts, epochs: '1.5', batchSize: '' })).toEqual({
    epochs: { code: 'option-not-whole', params: {} },
    batchSize: { code: 'option-not-a-number', params: {} },
  });
});
