/** The charts, fetched apart from the page's first load. */
import { lazy } from 'react';

const load = () => import('./TrainCharts.tsx');

export const TrainCharts = lazy(() => load().then((file) => ({ default: file.TrainCharts })));
export const EvaluationCharts = lazy(() => load().then((file) => ({ default: file.EvaluationCharts })));
export const WarmUp = lazy(() => load().then((file) => ({ default: file.WarmUp })));
