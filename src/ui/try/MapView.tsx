/** A map with what belongs to it: the player, the legend, the sentence in view and the list of all. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EmbeddingMap } from '../../contract/trials.ts';
import { colouringOf, partnersOf } from '../../store/try/map.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapList } from './MapList.tsx';
import { MapPlayer } from './MapPlayer.tsx';
import { usePlayer } from './usePlayer.ts';

/** Pairs that are read out of a text that stands in many. */
const mostPartners = 6;

export function MapView({ map }: { map: EmbeddingMap }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [hovered, setHovered] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  const player = usePlayer(map.frames.length);
  const colouring = useMemo(() => colouringOf(map), [map]);
  const shown = hovered ?? pinned;
  const name = t('try.mapName', { sentences: format.count(map.texts.length), pairs: format.count(map.pairs.length) });
  return (
    <div className="map" data-testid="map">
      <div className="map-main">
        <MapCanvas
          name={name}
          map={map}
          at={player.at}
          colouring={colouring}
          hovered={hovered}
          pinned={pinned}
          onHover={setHovered}
          onPin={setPinned}
        />
        <MapPlayer frames={map.frames} {...player} />
        <MapLegend colouring={colouring} />
        {map.explained ? (
          <p className="quiet small">
            {t('try.explained', { x: format.share(map.explained[0]), y: format.share(map.explained[1]) })}
          </p>
        ) : null}
      </div>
      <div className="map-side">
        <section
          className="reading-pane map-reading"
          data-testid="map-reading"
          aria-live="polite"
          aria-label={t('try.inView')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
        >
          {shown === null ? (
            <p className="quiet">{t('try.mapPoint')}</p>
          ) : (
            <>
              <p className="map-text">{map.texts[shown]}</p>
              <ul>
                {partnersOf(map, shown, mostPartners).map(({ text, gold }, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same pair may stand in the data twice
                  <li key={i} className="small">
                    <span className="quiet">
                      {t('try.pairedWith')}
                      {gold === null ? '' : ` (${typeof gold === 'number' ? fixed(gold, 2) : gold})`}
                    </span>{' '}
                    {text}
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
        <MapList texts={map.texts} pinned={pinned} onPin={setPinned} onFocus={setHovered} />
      </div>
    </div>
  );
}
