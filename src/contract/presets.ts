/** The pretrained models that the studio offers. */
import type { Text } from './problems.ts';

export type Preset = {
  name: string;
  /** Folder with config.json, model.safetensors and tokenizer.json, relative to the page. */
  path: string;
  parameters: number;
  downloadBytes: number;
  languages: string[];
  licence: string;
  summary: Text;
};

export const presets: readonly Preset[] = [
  {
    name: 'embedsmith-tiny',
    path: 'presets/embedsmith-tiny',
    parameters: 2205440,
    downloadBytes: 4789573,
    languages: ['en', 'zh'],
    licence: 'Embedsmith',
    summary: {
      en: 'Our own small bilingual BERT (2 layers, 128 hidden). Part of the page: nothing to download, trains in minutes.',
      zh: '我们自己的双语小型 BERT（2 层，隐藏维度 128）。随页面提供，无需下载，几分钟即可训练。',
    },
  },
];

export const defaultPreset = 'embedsmith-tiny';
