/** The evaluation's sentences as a map: by PCA or UMAP, over the evaluations of a run. */
import { useTranslation } from 'react-i18next';
import { dataMark } from '../../store/try/state.ts';
import { Segments } from '../controls/Segments.tsx';
import { actions, useStudio } from '../session.ts';
import { AskBar, Stale } from './AskBar.tsx';
import { MapView } from './MapView.tsx';

export function MapTab() {
  const { t } = useTranslation();
  const { method, maps } = useStudio((state) => state.trial);
  const hasData = useStudio((state) => state.slots.train.table !== null);
  const mark = useStudio(dataMark);
  const map = maps[method];
  const stale = map !== undefined && map.at !== mark;
  return (
    <div className="card">
      <p className="quiet small measure">{t(`try.${method}Help`)}</p>
      <AskBar tab="map" label={t('try.drawMap')} missing={hasData ? null : t('try.needData')} onAsk={actions.showMap}>
        <Segments
          label={t('try.method')}
          value={method}
          choices={(['pca', 'umap'] as const).map((value) => ({
            value,
            label: t(`try.${value}`),
            mark: t(`try.${value}`),
          }))}
          onChange={(next) => actions.editTrial({ method: next })}
        />
      </AskBar>
      {map ? <MapView key={`${method} ${map.at}`} map={map} /> : null}
      <Stale of={stale} />
    </div>
  );
}
