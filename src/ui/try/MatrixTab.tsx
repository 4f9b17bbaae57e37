/** The similarity matrix of pairs of the evaluation that mean the same: each anchor against each positive, before training, now, and the difference. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { dataMark } from '../../store/try/state.ts';
import { Choice } from '../controls/Choice.tsx';
import { actions, useStudio } from '../session.ts';
import { AskBar, Stale } from './AskBar.tsx';
import { MatrixView } from './MatrixView.tsx';

const sizes = [8, 16, 24, 32, 48, 64];

export function MatrixTab() {
  const { t } = useTranslation();
  const id = useId();
  const { matrixSize, matrix } = useStudio((state) => state.trial);
  const hasData = useStudio((state) => state.slots.train.table !== null);
  const mark = useStudio(dataMark);
  const stale = matrix !== null && matrix.at !== mark;
  return (
    <div className="card">
      <p className="quiet small measure">{t('try.matrixHelp')}</p>
      <AskBar
        tab="matrix"
        label={t('try.showMatrix')}
        missing={hasData ? null : t('try.needData')}
        onAsk={actions.showMatrix}
      >
        <span className="by-label">
          <label htmlFor={id}>{t('try.matrixSize')}</label>
          <Choice
            id={id}
            options={sizes.map((size) => [String(size), String(size)] as const)}
            value={String(matrixSize)}
            onChange={(next) => actions.editTrial({ matrixSize: Number(next) })}
          />
        </span>
      </AskBar>
      {matrix ? (
        <div data-testid="matrix" data-stale={stale || undefined}>
          <MatrixView matrix={matrix} />
        </div>
      ) : null}
      <Stale of={stale} />
    </div>
  );
}
