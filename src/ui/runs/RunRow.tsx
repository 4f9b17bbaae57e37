/** One run in the table: what it was, how it went, its name and note to write, and a menu of what can be done with it. */
import { Ellipsis } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { useTranslation } from 'react-i18next';
import { metricOf } from '../../contract/metrics.ts';
import { objectiveOf } from '../../contract/objectives.ts';
import { sayProblem } from '../../contract/problems.ts';
import type { RunEntry } from '../../contract/runs.ts';
import { isActive } from '../../store/run.ts';
import { resultOf, titleOf } from '../../store/runs/kept.ts';
import { MenuPopover } from '../controls/MenuPopover.tsx';
import { saveFile } from '../controls/saveFile.ts';
import { fixed } from '../format.ts';
import { useFormat, useLanguage } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { Words } from './Words.tsx';

type Props = { run: RunEntry; selected: boolean; onSelect: (id: string, taken: boolean) => void };

export function RunRow({ run, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const name = titleOf(run);
  const { id, config, model, data, primary, status, problem } = run;
  const change = { before: fixed(run.before, 3), after: fixed(resultOf(run), 3) };
  return (
    <tr data-selected={selected || undefined} data-status={status} data-testid="run-row">
      <td>
        <input
          type="checkbox"
          aria-label={t('runs.select', { name })}
          checked={selected}
          onChange={(event) => onSelect(id, event.target.checked)}
        />
      </td>
      <th scope="row">
        <Words
          label={t('runs.rename', { name })}
          value={run.name}
          empty={name}
          onWrite={(text) => void actions.changeRun(id, { name: text })}
        />
        <Words
          label={t('runs.noteOf', { name })}
          value={run.note}
          empty={t('runs.noNote')}
          onWrite={(note) => void actions.changeRun(id, { note })}
        />
      </th>
      <td className="number" data-cell="result" data-testid="run-result">
        {t('runs.change', change)}
        {primary ? <small className="quiet">{metricOf(primary).label[language]}</small> : null}
      </td>
      <td title={problem ? sayProblem(problem, language) : undefined}>{t(`runs.status.${status}`)}</td>
      <td data-cell="objective">{objectiveOf(config.objective).label[language]}</td>
      <td data-cell="words">{model}</td>
      <td data-cell="words">{data.train}</td>
      <td className="number">{format.duration(run.seconds)}</td>
      <td className="number" data-cell="moment">
        {format.moment(run.createdAt)}
      </td>
      <td>
        <RunMenu run={run} name={name} />
      </td>
    </tr>
  );
}

function RunMenu({ run, name }: { run: RunEntry; name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const busy = useStudio((state) => isActive(state.run) || state.runs.restoring !== null);
  const overlaid = useStudio(({ overlays }) => overlays.some(({ id }) => id === run.id));
  const save = async () => {
    const csv = await actions.runCsvFile(run);
    if (csv) saveFile(csv.file, csv.name);
  };
  const item = (words: string, act: () => void, isDisabled = false) => (
    <MenuItem className="menu-item" onAction={act} isDisabled={isDisabled}>
      {words}
    </MenuItem>
  );
  const { id, checkpoint, status, weights } = run;
  return (
    <MenuTrigger>
      <AriaButton className="button" data-kind="plain" data-shape="icon" aria-label={t('runs.more', { name })}>
        <Ellipsis size={16} aria-hidden />
      </AriaButton>
      <MenuPopover label={t('runs.more', { name })} placement="bottom end">
        {status === 'interrupted' && checkpoint !== null
          ? item(t('runs.continue', { step: format.count(checkpoint) }), () => void actions.continueRun(run), busy)
          : null}
        {weights !== null ? item(t('runs.open'), () => void actions.openRun(run), busy) : null}
        {item(t('runs.again'), () => void actions.reproduceRun(run), busy)}
        {item(t(overlaid ? 'runs.hideInCharts' : 'runs.showInCharts'), () => void actions.overlayRun(id, !overlaid))}
        {item(t('runs.saveCsv'), () => void save())}
        {item(t('runs.delete'), () => void actions.removeRuns([id]), status === 'running')}
      </MenuPopover>
    </MenuTrigger>
  );
}
