/** One metric over runs, as a line. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Run } from '../api/types';
import type { Dot, Series } from './series';

interface ChartProps {
  series: Series;
  runs: readonly Run[];
  /** Place of the run that is pointed at; null for none. */
  pointed: number | null;
  onPoint: (index: number | null) => void;
  onOpen: (run: Run) => void;
  trans: TranslationBundle;
}

const HEIGHT = 150;
const LEFT = 74;
const MARGIN = 14;
const SMALLEST_GAP = 14;
const USUAL_WIDTH = 620;

export function Chart({ series, runs, pointed, onPoint, onOpen, trans }: ChartProps): ReactElement {
  const gap = Math.max(SMALLEST_GAP, Math.min(80, (USUAL_WIDTH - LEFT) / Math.max(1, runs.length - 1)));
  const width = LEFT + 2 * MARGIN + gap * (runs.length - 1);
  const x = (index: number): number => LEFT + MARGIN + index * gap;
  const y = heightsOf(series);
  const dots = series.pieces.flat();
  const label = trans.__('%1 over %2 runs: from %3 to %4', series.name, runs.length, series.low, series.high);
  return (
    <figure className="nb2pipe-Metrics-chart">
      <figcaption>{series.name}</figcaption>
      <div>
        <svg role="img" aria-label={label} width={width} height={HEIGHT}>
          {(series.low === series.high ? [series.low] : [series.high, series.low]).map(value => (
            <g key={value}>
              <line className="nb2pipe-mod-grid" x1={LEFT} x2={width} y1={y(value)} y2={y(value)} />
              <text x={LEFT - 8} y={y(value) + 4} textAnchor="end">
                {numberText(value)}
              </text>
            </g>
          ))}
          {pointed !== null && (
            <line className="nb2pipe-mod-pointed" x1={x(pointed)} x2={x(pointed)} y1={0} y2={HEIGHT} />
          )}
          {series.pieces.map(piece => (
            <polyline
              key={piece[0]?.index}
              points={piece.map(dot => `${x(dot.index)},${y(dot.value)}`).join(' ')}
            />
          ))}
          {dots.map(dot => (
            <Point
              key={dot.index}
              dot={dot}
              x={x(dot.index)}
              y={y(dot.value)}
              {...{ runs, onPoint, onOpen, trans }}
            />
          ))}
          {runs.map((run, index) =>
            dots.some(dot => dot.index === index) ? null : (
              <text
                key={run.id}
                className="nb2pipe-mod-missing"
                data-state={run.state}
                x={x(index)}
                y={HEIGHT - 2}
                textAnchor="middle"
                onMouseEnter={() => onPoint(index)}
                onMouseLeave={() => onPoint(null)}
                onClick={() => onOpen(run)}
              >
                ×
              </text>
            )
          )}
        </svg>
      </div>
    </figure>
  );
}

type PointProps = { dot: Dot; x: number; y: number } & Pick<
  ChartProps,
  'runs' | 'onPoint' | 'onOpen' | 'trans'
>;

function Point({ dot, x, y, runs, onPoint, onOpen }: PointProps): ReactElement {
  const run = runs[dot.index];
  return (
    <circle
      cx={x}
      cy={y}
      r={4}
      onMouseEnter={() => onPoint(dot.index)}
      onMouseLeave={() => onPoint(null)}
      onClick={() => run && onOpen(run)}
    />
  );
}

/** Where a value stands: the highest above, the lowest below, one that is alone in the middle. */
function heightsOf({ low, high }: Series): (value: number) => number {
  const room = HEIGHT - 3 * MARGIN;
  return value => MARGIN + (high === low ? room / 2 : ((high - value) / (high - low)) * room);
}

function numberText(value: number): string {
  const isLong = value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4);
  return isLong ? value.toExponential(2) : String(Number(value.toPrecision(5)));
}
