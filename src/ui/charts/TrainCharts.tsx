/** All charts of a run, as one chunk that is loaded when the first run is near. */
import './charts.css';
import './controls.css';
import './cursor.css';
import './slider.css';
import { ChartControls } from './ChartControls.tsx';
import { CurveChart } from './CurveChart.tsx';
import { JudgementChart } from './JudgementChart.tsx';
import { MetricChart } from './MetricChart.tsx';
import { Speed } from './Speed.tsx';

export function TrainCharts() {
  return (
    <>
      <ChartControls lines />
      <div className="charts">
        <CurveChart of="train/loss" />
        <MetricChart />
        <JudgementChart />
        <div className="charts-side">
          <CurveChart of="train/learning_rate" />
          <CurveChart of="train/grad_norm" />
        </div>
        <CurveChart of="speed/tokens_per_second" />
        <Speed />
      </div>
    </>
  );
}

/** The charts that tell of evaluations alone. */
export function EvaluationCharts() {
  return (
    <>
      <ChartControls lines={false} />
      <div className="charts">
        <JudgementChart />
        <MetricChart />
      </div>
    </>
  );
}

export { WarmUp } from './WarmUp.tsx';
