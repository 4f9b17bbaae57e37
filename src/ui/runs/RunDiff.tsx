/** The selected runs side by side: the options in which they differ, and what came of it. */
import { useTranslation } from 'react-i18next';
import { type OptionName, options, type RunConfig } from '../../contract/catalogue.ts';
import type { RunEntry } from '../../contract/runs.ts';
import { draftOf } from '../../store/options.ts';
import { resultOf, titleOf } from '../../store/runs/kept.ts';
import { differingOptions, hasMeaning } from '../../store/runs/table.ts';
import { fixed } from '../format.ts';
import { useFormat, useSay } from '../language.ts';

export function RunDiff({ runs }: { runs: readonly RunEntry[] }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormat();
  const names = differingOptions(runs.map(({ config }) => config));
  const sayValue = (name: OptionName, config: RunConfig) => {
    const option = options[name];
    if (!hasMeaning(name, config)) return '–';
    const value = config[name];
    const choice = option.kind === 'choice' ? Object.entries(option.choices).find(([each]) => each === value) : null;
    return choice ? say(choice[1]) : draftOf(value);
  };
  const results: readonly (readonly [string, (run: RunEntry) => string])[] = [
    [t('runs.before'), (run) => fixed(run.before, 4)],
    [t('runs.after'), (run) => fixed(resultOf(run), 4)],
    [t('runs.bestStep'), ({ best }) => (best ? format.count(best.step) : '–')],
    [t('runs.steps'), ({ step }) => format.count(step)],
    [t('runs.column.seconds'), ({ seconds }) => format.duration(seconds)],
  ];
  return (
    <div className="card runs-diff" data-testid="runs-diff">
      <h3 id="runs-diff">{t('runs.diff')}</h3>
      {names.length === 0 ? <p className="quiet">{t('runs.same')}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="report" tabIndex={0} aria-labelledby="runs-diff">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('runs.option')}</th>
              {runs.map((run) => (
                <th key={run.id} scope="col">
                  {titleOf(run)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name} data-testid={`diff-${name}`}>
                <th scope="row">{say(options[name].label)}</th>
                {runs.map(({ id, config }) => (
                  <td key={id}>{sayValue(name, config)}</td>
                ))}
              </tr>
            ))}
          </tbody>
          <tbody className="runs-results">
            {results.map(([label, value]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {runs.map((run) => (
                  <td key={run.id}>{value(run)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
