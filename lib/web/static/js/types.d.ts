// What the API answers, for the type checker. The Go side has the comments:
// lib/web/answer.go and the files of its panels.

export interface Labelled { value: string; label?: string; note?: string }
export interface Term { text: string; inverse: string; field: string; label: string; shown: string; not: boolean; values: string[] }
export interface Window { from: number; to: number; start: number; interval: number; buckets: number; complete: number }
export type Kind = 'count' | 'rate' | 'bytes' | 'share';
export interface Figure { id: string; label: string; kind: Kind; value: number; previous: number | null; series: number[] }
export interface Series extends Labelled { total: number; values: number[] }
export interface Histogram {
  measure: string; label: string; kind: Kind; stacked: boolean; split: string; series: Series[];
  totals: number[]; total: number; before: number[] | null; before_total: number; problem?: string;
}
export interface FacetValue extends Labelled { count: number; in?: 'only' | 'out' | 'more' }
export interface Facet { id: string; title: string; term: string; distinct: number; values: FacetValue[]; problem?: string }
export interface HotPage extends Labelled { url?: string; editors: number; edits: number; reverts: number; net: number; at: number[]; reverted: number[] }
export interface Hot { pages: HotPage[]; start: number; interval: number; ticks: number; problem?: string }
export interface UnusualItem extends Labelled { field: string; term: string; now: number; usual: number }
export interface Unusual { items: UnusualItem[]; against: Window; problem?: string }
export interface Heat { start: number; hours: number[]; problem?: string }
export interface Segment { k?: 'section' | 'link'; t: string; u?: string }
export interface Row {
  id: string; t: number; wiki: string; type: string; flags: string; title: string; page?: string; diff?: string; hist?: string; change?: string;
  user: string; kind: string; talk?: string; contribs?: string; delta: number | null; log?: string; action?: string; revert?: boolean; summary: Segment[];
  risk?: number; rev?: string;
}
export interface Mark { risk?: number; reverted?: boolean }
export interface Health { newest?: number; rate: number; usual: number; gaps: { from: number; to: number }[]; documents: number; source: string; problem?: string }
export interface Chart {
  spec: string; title: string; titled: boolean; measure: string; label: string; kind: Kind; stacked: boolean; by: string; split: string; form: string;
  q: string; terms: Term[]; window: Window; own: boolean; fixed: boolean; series: Series[]; totals: number[]; keys: (Labelled & { term: string })[];
  start: number; hours: number[]; value: number; took: number; problem?: string;
}
export interface Answer {
  stream: string; q: string; terms: Term[]; state: 'ok' | 'empty' | 'nomatch' | 'foreign'; last_match?: number; window: Window; previous: Window;
  generated: number; took: number; kept: number; partial: boolean; total: number; figures: Figure[]; histogram: Histogram; gaps: { from: number; to: number }[]; facets: Facet[];
  hot: Hot; unusual: Unusual; heat: Heat; charts: Chart[]; rows: Row[]; health: Health;
  marks?: Record<string, Mark>; reports: { risk: boolean; tags: boolean };
}
export interface Problem { error: string; hint: string; param?: string; start?: number; end?: number; fix?: string; retry?: number; status?: number }
export interface Option { id: string; label: string; plural?: string; term?: string; kind?: Kind; stacks?: boolean; q?: string; stream?: string; split?: string }
export interface Config { fields: Option[]; measures: Option[]; presets: Option[]; spans: Option[]; streams: string[] }

/** The state of the page, which is its address. */
export interface View {
  stream: string; q: string; range: string; from: string; to: string; split: string; measure: string; charts: string[];
  tab: string; live: boolean; local: boolean; before: boolean; hide: string[];
}

/** What components share. */
export interface App {
  view: View;
  config: Config;
  answer: Answer | null;
  problem: Problem | null;
  /** Changes the state; replace leaves no entry in the history. */
  go(changes: Partial<View>, options?: { replace?: boolean }): void;
  /** Draws everything again, from the answer that is there. */
  draw(): void;
  /** Asks for a new answer now. */
  refresh(): void;
}
