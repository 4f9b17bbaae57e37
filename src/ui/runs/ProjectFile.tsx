/** Kept runs as one project file, and a project file taken in. */
import { Download, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunEntry } from '../../contract/runs.ts';
import { Button } from '../controls/Button.tsx';
import { FilePicker } from '../controls/FilePicker.tsx';
import { saveFile } from '../controls/saveFile.ts';
import { actions } from '../session.ts';

export function ProjectFile({ runs }: { runs: readonly RunEntry[] }) {
  const { t } = useTranslation();
  const [data, setData] = useState(true);
  const [weights, setWeights] = useState(true);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState('');

  async function work<T>(ask: Promise<T>): Promise<T> {
    setBusy(true);
    setTold('');
    const found = await ask;
    setBusy(false);
    return found;
  }
  const save = async () => {
    const ids = runs.map(({ id }) => id);
    const file = await work(actions.exportProject(ids, { data, weights }));
    if (file) saveFile(file, 'embedsmith-project.zip');
  };
  const take = async ([file]: File[]) => {
    const count = file ? await work(actions.importProject(file)) : null;
    if (count !== null) setTold(t('runs.project.taken', { count }));
  };

  return (
    <details className="fold sweep" data-testid="project">
      <summary>{t('runs.project.title')}</summary>
      <p className="quiet">{t('runs.project.help')}</p>
      <div className="runs-bar">
        <label className="check">
          <input type="checkbox" checked={data} onChange={(event) => setData(event.target.checked)} />
          {t('runs.project.data')}
        </label>
        <label className="check">
          <input type="checkbox" checked={weights} onChange={(event) => setWeights(event.target.checked)} />
          {t('runs.project.weights')}
        </label>
        <Button isDisabled={busy || runs.length === 0} onPress={() => void save()}>
          <Download size={14} aria-hidden />
          {t('runs.project.save', { count: runs.length })}
        </Button>
        <FilePicker accept={['.zip']} disabled={busy} onFiles={(files) => void take(files)}>
          <Upload size={14} aria-hidden />
          {t('runs.project.take')}
        </FilePicker>
        <span className="quiet" role="status">
          {told}
        </span>
      </div>
    </details>
  );
}
