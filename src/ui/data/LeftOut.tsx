/** The rows that cannot be used, with the reason of each, and all of them as a file. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Slot, SlotPlan } from '../../contract/data.ts';
import { sayProblem } from '../../contract/problems.ts';
import { Button } from '../controls/Button.tsx';
import { saveFile } from '../controls/saveFile.ts';
import { useFormat, useLanguage } from '../language.ts';
import { actions } from '../session.ts';

export function LeftOut({ slot, plan, file }: { slot: Slot; plan: SlotPlan; file: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const format = useFormat();
  const { problemCount: count, problems } = plan;

  async function download() {
    const csv = await actions.problemsCsv(slot, language);
    if (csv) saveFile(csv, t('leftOut.file', { name: file.replace(/\.[^.]*$/, '') }));
  }

  return (
    <details className="left-out">
      <summary>{t('leftOut.title', { count, rows: format.count(count) })}</summary>
      <div className="left-out-head">
        {problems.length < count ? <p className="quiet">{t('leftOut.first', { count: problems.length })}</p> : null}
        <Button onPress={download}>
          <Download size={14} aria-hidden />
          {t('leftOut.download')}
        </Button>
      </div>
      <div className="preview">
        <table>
          <thead>
            <tr>
              <th scope="col" className="preview-line">
                {t('leftOut.line')}
              </th>
              <th scope="col">{t('leftOut.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ line, problem }) => (
              <tr key={`${line}-${problem.code}`}>
                <td className="preview-line">{line}</td>
                <td>{sayProblem(problem, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
