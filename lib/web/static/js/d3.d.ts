// D3 is not typed here: its own types are larger than the page.
export const area: any;
export const axisBottom: any;
export const axisLeft: any;
export const brushX: any;
export const line: any;
export const max: any;
export const scaleLinear: any;
export const scaleTime: any;
export const scaleUtc: any;
export const select: any;
