/** All charts of a run, as one chunk that is loaded when the first run is near. */
import './charts.css';
import './slider.css';
import { DistributionChart } from './DistributionChart.tsx';
import { LossChart } from './LossChart.tsx';
import { RateChart } from './RateChart.tsx';
import { SpearmanChart } from './SpearmanChart.tsx';
import { Speed } from './Speed.tsx';

export function TrainCharts() {
  return (
    <div className="charts">
      <LossChart />
      <SpearmanChart />
      <DistributionChart />
      <div className="charts-side">
        <RateChart />
        <Speed />
      </div>
    </div>
  );
}

/** The charts that tell of evaluations alone. */
export function EvaluationCharts() {
  return (
    <div className="charts">
      <DistributionChart />
      <SpearmanChart />
    </div>
  );
}

export { WarmUp } from './WarmUp.tsx';
