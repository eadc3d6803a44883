// What the dashboard takes from D3.
export {max} from 'd3-array';
export {axisBottom, axisLeft} from 'd3-axis';
export {brushX} from 'd3-brush';
export {scaleLinear, scaleTime, scaleUtc} from 'd3-scale';
export {select} from 'd3-selection';
export {area, line} from 'd3-shape';
